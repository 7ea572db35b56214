"""The pages of the data, in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import Page, Route, expect
from sienge_panel.catalog import PERSONAL
from sienge_panel.choice import TABLES
from sienge_panel.indicators import BY_ID

from tests.panel_data.asking import execute, figures, total, visitor
from tests.panel_data.conftest import READ
from tests.test_panel_page import MISSING, heading, press, violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.panel import Panel

IN_BROWSER = pytest.mark.skipif(bool(MISSING), reason=f"falta {' e '.join(MISSING)}")
LOOKS = [("light", 1280), ("dark", 1280), ("light", 360)]


def everything(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator("summary").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    for summary in page.locator("summary").all():
        summary.click()


@IN_BROWSER
@pytest.mark.parametrize(("scheme", "width"), LOOKS, ids=str)
def test_every_page_of_the_data_is_accessible(
    panel: Panel,
    open_page: Callable[..., Page],
    scheme: str,
    width: int,
) -> None:
    execute(
        panel.line.database,
        "insert into sienge.rejected_rows (run_id, position, stream, reason, rejected_at, record)"
        " values ('y', 1, 'customers', 'não é um objeto', localtimestamp, '{}')"
        " on conflict do nothing",
    )
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    for path in ("/indicadores/", "/tabelas/?t=customers", "/configuracoes/", "/tabelas/"):
        if path == "/tabelas/":
            page.goto(path)
            expect(page.get_by_role("region", name="Tabelas")).to_be_visible()
        else:
            everything(page, path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@IN_BROWSER
def test_a_table_has_a_page(panel: Panel, open_page: Callable[..., Page]) -> None:
    page = open_page("/tabelas/")
    page.get_by_role("searchbox").fill("clientes")
    page.get_by_role("link", name="Clientes", exact=True).click()
    heading(page, "Clientes")
    expect(page).to_have_title(re.compile("Clientes"))
    expect(page.get_by_text("/v1/customers", exact=True)).to_be_visible()
    table = page.get_by_role("region", name="Linhas da tabela")
    expect(table.get_by_role("row")).to_have_count(51)
    expect(table.get_by_text("•••").first).to_be_visible()
    page.get_by_role("combobox", name="Coluna").select_option("id")
    page.get_by_label("Condição").select_option("eq")
    page.get_by_label("Valor").fill("7")
    press(page, "Filtrar")
    expect(table.get_by_role("row")).to_have_count(2)
    page.get_by_label("Valor").fill("sete")
    press(page, "Filtrar")
    expect(page.get_by_text("que é inteiro: use, por exemplo, 123")).to_be_visible()
    for ending in ("CSV", "Excel"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Baixar {ending}").click()
        assert download.value.suggested_filename in {"customers.csv", "customers.xlsx"}
    button = page.get_by_role("button", name="Ler de novo por inteiro")
    expect(button).to_be_disabled()
    page.get_by_label("Entendi: esvaziar e ler tudo").check()
    expect(button).to_be_enabled()
    cost = visitor(panel).read("/api/tables/customers/history")["full_cost"]
    expect(button).to_contain_text(f"({cost} req.)")


@IN_BROWSER
def test_indicators_follow_the_filters(panel: Panel, open_page: Callable[..., Page]) -> None:
    company = visitor(panel).read("/api/indicators")["companies"][0]
    page = open_page("/indicadores/")
    card = page.get_by_role("region", name="Unidades por situação")
    whole = total(figures(panel, "unidades"), "unidades")
    expect(card.locator(".figure")).to_have_text(f"{int(whole)}")
    page.get_by_label("Empresa").select_option(str(company["code"]))
    part = total(figures(panel, "unidades", f"company={company['code']}"), "unidades")
    assert 0 < part < whole
    expect(card.locator(".figure")).to_have_text(f"{int(part)}")
    expect(card.get_by_role("img", name="Gráfico")).to_be_visible()
    card.get_by_text("A consulta").click()
    expect(card.locator("pre")).to_contain_text(f"codigo_empresa = {company['code']}")
    card.get_by_text("Os números").click()
    expect(card.get_by_role("rowheader", name="Disponível")).to_be_visible()
    page.get_by_label("Empreendimento").select_option(index=1)
    flow = page.get_by_role("region", name="Fluxo de caixa previsto")
    expect(flow).to_contain_text("sem separar por empreendimento")
    expect(card.locator("pre")).to_contain_text("codigo_empreendimento = ")  # no row moves the link
    with page.expect_download() as download:
        card.get_by_role("link", name="Baixar em CSV").click()
    assert download.value.suggested_filename == "unidades.csv"


BARS = """(canvas, color) => {
  const {width, height} = canvas;
  const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
  const is = (x, y) => color.every((part, at) => data[4 * (y * width + x) + at] === part);
  const lengths = [];
  for (let y = 0, before = 0; y < height; y++) {
    let length = 0;
    for (let x = 0; x < width; x++) length += is(x, y);
    if (length && before) lengths.push(Math.max(lengths.pop(), length));
    else if (length) lengths.push(length);
    before = length;
  }
  return lengths;
}"""
"""The lengths of the horizontal bars of a colour, from above, in pixels."""

COLORS: dict[Literal["light", "dark"], list[int]] = {
    "light": [11, 92, 143],
    "dark": [124, 196, 242],
}


@IN_BROWSER
def test_a_drawing_shows_its_numbers_in_both_themes(
    panel: Panel, open_page: Callable[..., Page]
) -> None:
    page = open_page("/indicadores/")
    card = page.get_by_role("region", name="Unidades por situação")
    card.scroll_into_view_if_needed()
    canvas = card.locator("canvas")
    expect(canvas).to_be_visible()
    numbers = [float(row["unidades"]) for row in figures(panel, "unidades")][:8]
    for theme, color in COLORS.items():
        page.emulate_media(color_scheme=theme)
        bars: list[int] = []
        for _ in range(100):
            if bars := canvas.evaluate(BARS, color):
                break
            page.wait_for_timeout(100)
        assert len(bars) == len(numbers)
        for length, number in zip(bars, numbers, strict=True):
            assert abs(length / bars[0] - number / numbers[0]) < 0.02


PRINTED = """() => {
  dispatchEvent(new Event("beforeprint"));
  return [...document.querySelectorAll(".indicator canvas")].filter((canvas) => {
    const all = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return all.some((value) => value > 0);
  }).length;
}"""
"""How many drawings there are when the browser takes what it prints, for which it waits for
nothing."""


@IN_BROWSER
def test_a_printed_page_has_all_drawings(open_page: Callable[..., Page]) -> None:
    page = open_page("/indicadores/", viewport={"width": 412, "height": 823})
    cards = page.locator(".indicator")
    expect(cards.locator("canvas").first).to_be_visible()
    expect(cards.locator(".figure", has_text="…")).to_have_count(0)
    drawn = len(BY_ID) - cards.get_by_text("Nada com estes filtros.").count()
    assert 0 < cards.locator("canvas").count() < drawn
    assert page.evaluate(PRINTED) == drawn
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Pular para o conteúdo")).to_be_hidden()


@IN_BROWSER
def test_figures_are_those_of_the_filter_that_is_chosen(
    panel: Panel, open_page: Callable[..., Page]
) -> None:
    page = open_page("/indicadores/")
    card = page.get_by_role("region", name="Unidades por situação")
    units = sum(int(row["unidades"]) for row in figures(panel, "unidades"))
    known = f"{units:,}".replace(",", ".")
    number = card.locator(".figure")
    expect(number).to_have_text(known)

    held: list[Route] = []
    by_company = re.compile("/indicators/unidades.*company=")
    page.route(by_company, lambda route: held.append(route))  # a lambda, as Playwright marks it
    company = page.get_by_label("Empresa")
    with page.expect_request(by_company):
        company.select_option(index=1)
    expect(card).to_have_attribute("aria-busy", "true")
    company.select_option("")
    expect(card).to_have_attribute("aria-busy", "false")
    late = {"rows": [["Outra", 999]], "number": 999, "query": "", "fresh": None, "missing": []}
    held[0].fulfill(json=late)
    page.wait_for_timeout(300)
    expect(number).to_have_text(known)
    with page.expect_request(by_company):
        company.select_option(index=2)
    expect(card).to_have_attribute("aria-busy", "true")
    expect(number).to_have_text(known)
    held[1].fulfill(status=503, json={"detail": "O banco não respondeu."})
    expect(card.get_by_role("alert")).to_have_text("O banco não respondeu.")
    expect(number).to_have_text("—")
    card.get_by_text("Os números").click()
    expect(card.locator("tbody tr")).to_have_count(0)


ASKED = {
    "/": ("credentials/permissions",),
    "/indicadores/": ("indicators", "indicators/vendas"),
    "/tabelas/": ("tables", "tables/rows"),
    "/tabelas/?t=customers": (
        *("tables/customers/about", "tables/customers/rows", "tables/customers/history"),
        "tables/customers/changes",
    ),
    "/conferencia/": ("trust",),
    "/execucoes/": ("runs", "runs/days"),
    "/ganchos/": ("hooks",),
    "/assistente/": ("assistant",),
    "/configuracoes/": (
        *("credentials", "credentials/plans", "tables", "schedule", "personal", "alerts"),
        *("alerts/forms", "changes", "settlements"),
    ),
}
"""Pages, and what each asks beside the status."""


@IN_BROWSER
@pytest.mark.parametrize("path", ASKED)
def test_what_is_not_answered_is_said(open_page: Callable[..., Page], path: str) -> None:
    page = open_page("/nada/")
    for asked in ASKED[path]:
        page.route(re.compile(rf"/api/{asked}(\?|$)"), lambda route: route.abort())
        page.goto(path)
        said = page.get_by_text("O painel não respondeu").first
        expect(said, f"when {asked} is not answered").to_be_visible()
        page.unroute_all()


@IN_BROWSER
def test_many_tables_stay_within_a_screen(panel: Panel, open_page: Callable[..., Page]) -> None:
    names = [name for name in TABLES if name not in READ][:150]
    values = ", ".join(f"('z', '{name}', localtimestamp, 'skipped', 'none', 1)" for name in names)
    log = "insert into sienge.sync_log (run_id, stream, started_at, status, extent, requests)"
    execute(panel.line.database, f"{log} values {values}")
    try:
        page = open_page("/tabelas/", viewport={"width": 360, "height": 740})
        expect(page.get_by_role("button", name=re.compile("Financeiro"))).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("document.body.scrollHeight") < 3 * 740
        page.get_by_role("region", name="Tabelas").evaluate("it => it.scrollTo(0, 9999)")
        expect(page.get_by_role("columnheader", name="Registros")).to_be_in_viewport()
        expect(page.get_by_role("searchbox")).to_be_in_viewport()
        page.get_by_role("button", name=re.compile("^Sem permissão 150")).click()
        page.get_by_label("Escolher todas as mostradas").check()
        expect(page.get_by_role("button", name="Sincronizar 150 agora")).to_be_in_viewport()
        page.get_by_role("searchbox").fill("não há")
        expect(page.get_by_text("Nenhuma tabela com “não há”")).to_be_visible()
    finally:
        execute(panel.line.database, "delete from sienge.sync_log where run_id = 'z'")


@IN_BROWSER
def test_personal_data_are_shown_and_hidden_in_the_settings(
    panel: Panel,
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/configuracoes/")
    box = page.get_by_label("Mostrar os dados pessoais a quem entra no painel")
    box.click()
    expect(page.get_by_text("Os dados pessoais aparecem.")).to_be_visible()
    kept = panel.line.query(f"select valor from painel.ajuste where nome = '{PERSONAL}'")
    assert kept == [{"valor": True}]
    box.click()
    expect(page.get_by_text("Os dados pessoais estão mascarados.")).to_be_visible()
    page.get_by_text("Escolher tabelas uma a uma").click()
    one = page.get_by_role("listitem").filter(has_text="Tipos de cliente")
    expect(one.first).to_contain_text("Primeira vez")
