"""In a browser: why a run did not go well, what may not be read, runs, days and plans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from sienge_simulator import testing

from testing.pipeline import FEWER, running_line
from tests.panel import PASSWORD, Panel, running_panel
from tests.test_panel_page import (  # noqa: F401, fixtures are used by their names
    assert_accessible,
    chromium,
    enter,
    heading,
    open_page,
    press,
    pytestmark,
)
from tests.test_panel_runs import forget_rounds, later, round_ended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page

USER, SECRET = testing.USER
MOVABLE, FIXED = "/v1/patrimony/movable", "/v1/patrimony/fixed"
LOOKS = [("light", 1280), ("dark", 360)]


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """Start a panel on data that came without it, as `make panel` does after `make demo`."""
    folder = tmp_path_factory.mktemp("porque-pagina")
    with running_line(folder, *FEWER) as line:
        (line.project / "transform").unlink()
        line.run(TAP_SIENGE__SELECT='["patrimony_fixed.*", "sync_log.*"]')
        own = {"LEITURA_PASSWORD": "so-de-leitura", "TAP_SIENGE_MAX_RETRIES": "0"}
        own["TAP_SIENGE_START_DATE"] = ""  # to be told in the panel
        with running_panel(line, folder / "painel.log", **own) as started:
            yield started


def looks(open_page: Callable[..., Page], path: str) -> Iterator[Page]:  # noqa: F811
    """Open a page on a desk and on a phone, in both themes; each must be accessible."""
    for scheme, width in LOOKS:
        page = open_page(path, color_scheme=scheme, viewport={"width": width, "height": 800})
        yield page
        assert_accessible(page)


def field(page: Page, label: str) -> Locator:
    return page.locator("label", has_text=re.compile(f"^{label}")).locator("select")


def run(panel: Panel) -> dict[str, Any]:
    """Read all to the end; give the run."""
    visitor = panel.browser()
    visitor.sync()
    found: dict[str, Any] = visitor.read("/api/runs")[0]
    return found


# These tests follow each other


def test_the_first_visit_comes_also_to_data_and_goes_on_after_a_reload(
    panel: Panel,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    page = open_page(inside=False)
    enter(page)
    heading(page, "Como entrar no seu Sienge")
    expect(page.get_by_role("button", name="Pular: já há dados")).to_be_visible()
    address = f"https://{panel.line.simulator.config['subdomain']}.sienge.com.br/sienge/"
    page.get_by_label("Subdomínio").fill(address)
    page.get_by_label("Usuário de API").fill(USER)
    page.get_by_label("Senha de API").fill(SECRET)
    press(page, "Salvar")
    heading(page, "Testar a conexão")
    page.reload()
    heading(page, "Testar a conexão")
    panel.line.simulator.admin("/permissions", {"/v1/companies": 403})
    press(page, "Testar conexão")
    expect(page.get_by_role("status")).to_contain_text("Sem permissão: Empresas.")
    assert_accessible(page)
    panel.line.simulator.admin("/permissions", {"/v1/companies": None})
    press(page, "Continuar com o que pode ser lido")
    page.get_by_role("checkbox", name="Padrão").uncheck()
    page.get_by_role("checkbox", name="Patrimônio").check()
    press(page, "Continuar")
    heading(page, "Primeira leitura")
    page.reload()
    press(page, "Começar")
    expect(page.get_by_role("region", name="Andamento da sincronização")).to_be_visible()
    press(page, "Ligar o Power BI")
    page.get_by_label("Senha do painel").fill(PASSWORD)
    press(page, "Mostrar a senha do banco")
    expect(page.get_by_text("so-de-leitura")).to_be_visible()
    press(page, "Ir para o painel")
    heading(page, "Os dados estão em dia")


def test_a_wrong_password_is_named_with_what_to_do(
    panel: Panel,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    visitor = panel.browser()
    assert visitor.ask("PUT", "/api/credentials", json={"password": "errada"}).ok
    run(panel)
    for page in looks(open_page, "/"):
        heading(page, "O Sienge recusou o usuário ou a senha")
        expect(page.get_by_role("status").first).to_contain_text("Nunca expira")
        link = page.get_by_role("link", name="Corrigir as credenciais")
        expect(link).to_have_attribute("href", re.compile("/configuracoes/.*#credenciais"))
    for page in looks(open_page, "/execucoes/"):
        latest = page.get_by_role("listitem").filter(has=page.get_by_text("Falhou")).first
        expect(latest).to_contain_text("pelo painel")
        expect(latest).to_contain_text("recusou o usuário ou a senha de API (401)")
        latest.get_by_role("button", name="Registro").click()
        log = page.get_by_label("Linhas do registro")
        expect(log).to_contain_text("Extractor failed")
        page.get_by_label("Gravidade").select_option("error")
        expect(log).not_to_contain_text("Beginning sync")
        page.get_by_label("Procurar no registro").fill("401")
        expect(log.locator("span")).to_have_count(1)
        with page.expect_download() as download:
            page.get_by_role("link", name="Baixar o registro").click()
        assert download.value.suggested_filename.endswith(".log")
    assert visitor.ask("PUT", "/api/credentials", json={"password": SECRET}).ok


def test_what_may_not_be_read_is_amber_grouped_and_asked_again(
    panel: Panel,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    panel.line.simulator.admin("/permissions", {MOVABLE: 403})
    try:
        run(panel)
        for page in looks(open_page, "/"):
            heading(page, "1 de 2 tabelas; 1 sem permissão")
            expect(page.locator(".light")).to_have_class(re.compile("warn"))
            page.get_by_text("patrimony", exact=True).click()
            expect(page.get_by_text(MOVABLE)).to_be_visible()
        page = open_page("/")
        press(page, "Conferir de novo")
        expect(page.get_by_text("O usuário de API pode ler 0 de 1 tabelas")).to_be_visible()
        panel.line.simulator.admin("/permissions", {MOVABLE: None})
        press(page, "Conferir de novo")
        expect(page.get_by_text("O usuário de API pode ler 1 de 1 tabelas")).to_be_visible()
        page.reload()
        heading(page, "Os dados estão em dia")
    finally:
        panel.line.simulator.admin("/permissions", {MOVABLE: None})


def test_where_nothing_may_be_read_all_of_it_is_listed(
    panel: Panel,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    panel.line.simulator.admin("/permissions", {MOVABLE: 403, FIXED: 403})
    try:
        run(panel)
        for page in looks(open_page, "/"):
            heading(page, "O usuário de API não pode ler nada")
            heading(page, "Sem permissão: 2 tabelas")
            page.get_by_text("patrimony", exact=True).click()
            for path in (MOVABLE, FIXED):
                expect(page.get_by_text(path)).to_be_visible()
        panel.line.simulator.admin("/permissions", {MOVABLE: None})
        page = open_page("/")
        press(page, "Conferir de novo")
        heading(page, "Já há o que ler")
        heading(page, "Sem permissão: 1 tabela")
    finally:
        panel.line.simulator.admin("/permissions", {MOVABLE: None, FIXED: None})
    run(panel)
    heading(open_page("/"), "Os dados estão em dia")


def test_a_run_tells_its_tables_and_a_day_its_requests(
    panel: Panel,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    run(panel)
    for page in looks(open_page, "/execucoes/"):
        latest = page.get_by_role("listitem").filter(has_text="pelo painel").first
        latest.get_by_role("button", name="Registro").click()
        latest.locator("summary").first.click()
        row = page.get_by_role("row").filter(has_text="Bens móveis")
        expect(row).to_contain_text("Completa")
        page.locator(".days li:last-child button").click()
        expect(page.get_by_role("heading", name="Requisições de")).to_be_visible()
        expect(page.locator(".counted")).to_contain_text("Bens móveis")
        page.route(re.compile(r"/runs/days/\d"), lambda route: route.abort())
        page.locator(".days li").nth(-2).get_by_role("button").click()
        told = page.get_by_role("status").filter(has_text="Requisições de")
        expect(told).to_contain_text("O painel não respondeu")


def test_a_plan_tells_its_cost_before_it_is_saved(
    panel: Panel,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    for page in looks(open_page, "/configuracoes/"):
        page.get_by_label("Quantas vezes").select_option("A cada 30 minutos")
        field(page, "Das").select_option("7 h")
        field(page, "Até as").select_option("20 h")
        for day in ("Sábado", "Domingo"):
            page.get_by_role("checkbox", name=day).set_checked(False)
        expect(
            page.get_by_text("a cada 30 minutos, das 7 às 20, em dias úteis").last
        ).to_be_visible()
        expect(page.get_by_text("27 leituras por dia, cerca de")).to_be_visible()
        press(page, "Salvar horário")
        expect(page.get_by_text("Horário salvo.")).to_be_visible()
    assert panel.browser().read("/api/schedule")["plan"]["every"] == 30


def test_rounds_tell_their_cost_and_how_new_they_keep_the_data(
    panel: Panel,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    visitor = panel.browser()
    before = visitor.read("/api/tables")["chosen"]
    assert visitor.ask("PUT", "/api/tables", json={"tables": ["customers"]}).ok
    for page in looks(open_page, "/configuracoes/"):
        rounds = page.locator("#rodadas")
        rounds.get_by_role("checkbox", name="Fazer rodadas").check()
        rounds.get_by_label("De quanto em quanto tempo").select_option("A cada 15 minutos")
        expect(rounds.get_by_text("53 rodadas por dia, cerca de 53 REST")).to_be_visible()
        rounds.get_by_label("De quanto em quanto tempo").select_option("A cada 30 minutos")
        expect(rounds.get_by_text("27 rodadas por dia, cerca de 27 REST")).to_be_visible()
        rounds.get_by_role("button", name="Salvar rodadas").click()
        expect(rounds.get_by_text("Rodadas salvas.")).to_be_visible()
        expect(rounds.locator("strong")).to_have_text(
            "a cada 30 minutos, das 7 às 20, em dias úteis."
        )
    assert visitor.ask("PUT", "/api/tables", json=before).ok
    later(panel, -8)
    round_ended(panel, "12 minutes", ("patrimony_movable", "ok", ""))
    page = open_page("/")
    card = page.locator("section", has_text="Atualizadas durante o dia")
    expect(card).to_contain_text(re.compile("Bens móveis.*há 12 min"))
    assert_accessible(page)
    page.get_by_role("link", name="Tabelas", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="Bens móveis")).to_contain_text("há 12 min")
    page.get_by_role("link", name="Execuções", exact=True).click()
    expect(page.get_by_role("listitem").first).to_contain_text(", rodada")
    page.get_by_role("checkbox", name="Só as leituras inteiras").check()
    expect(page.get_by_role("listitem").first).to_contain_text("pelo painel")
    page.get_by_role("link", name="Configurações", exact=True).click()
    page.get_by_role("checkbox", name="Fazer rodadas").uncheck()
    press(page, "Salvar rodadas")
    expect(page.get_by_text("Rodadas desligadas.")).to_be_visible()
    assert visitor.read("/api/schedule")["rounds"]["plan"] is None
    forget_rounds(panel)
    later(panel, 8)


def test_what_was_saved_is_shown_and_taken_away(
    panel: Panel,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    page = open_page("/configuracoes/")
    page.get_by_label("Data inicial (opcional)").fill("31/01/2020")
    page.get_by_label("Plano do Sienge").select_option("Start")
    page.locator("#credenciais").get_by_role("button", name="Salvar", exact=True).click()
    expect(page.get_by_text("Hoje: 31/01/2020.")).to_be_visible()
    expect(page.get_by_text("Hoje: Start.")).to_be_visible()
    expect(page.get_by_text(f"Hoje: {USER}.")).to_be_visible()
    assert SECRET not in page.content()
    press(page, "Tirar a data inicial")
    expect(page.get_by_text("Hoje: 31/01/2020.")).to_have_count(0)
    press(page, "Tirar o plano")
    expect(page.get_by_text("Hoje: Start.")).to_have_count(0)
    told = panel.browser().read("/api/credentials")
    assert [told[name]["set"] for name in ("start_date", "plan")] == [False, False]
