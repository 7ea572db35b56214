"""How the panel's page behaves: titles, focus, the reader's view, forms that say what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from sienge_panel.settings import DOCS

from testing.pipeline import running_line
from tests import test_panel_page as pages
from tests.panel import READING, Panel, running_panel
from tests.test_panel_page import assert_accessible, heading, press

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pages.pytestmark
chromium, open_page = pages.chromium, pages.open_page

PATHS = {"/": "Início", "/tabelas/": "Tabelas", "/conferencia/": "Conferência"} | {
    "/execucoes/": "Execuções", "/configuracoes/": "Configurações"
}  # fmt: skip
SHIFTS = """
window.moved = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    folder = tmp_path_factory.mktemp("maneiras")
    with running_line(folder) as line:
        (line.project / "transform").unlink()
        made = line.project / DOCS
        made.parent.mkdir(parents=True)
        made.write_text("<!doctype html><title>dbt</title><h1>Modelos do dbt</h1>")
        own = {"LEITURA_PASSWORD": "so-de-leitura", "PANEL_ALERTS_PRIVATE": ""}
        with running_panel(line, folder / "painel.log", **own) as started:
            yield started


def reading(page: Page) -> Page:
    """Come in as a reader."""
    page.get_by_label("Senha do painel").fill(READING)
    press(page, "Entrar")
    expect(page.get_by_text("Só leitura", exact=True)).to_be_visible()
    return page


def test_every_page_has_a_title_and_does_not_jump(open_page: Callable[..., Page]) -> None:
    page = open_page("/docs/")
    page.add_init_script(SHIFTS)
    moved = {}
    for path, title in PATHS.items():
        page.goto(path)
        expect(page).to_have_title(f"{title} · Painel do Sienge")
        page.wait_for_load_state("networkidle")
        moved[path] = page.evaluate("moved")
    assert {path: shift for path, shift in moved.items() if shift >= 0.05} == {}


def test_a_page_that_does_not_exist_says_so_and_leads_back(open_page: Callable[..., Page]) -> None:
    page = open_page("/nada/disso/")
    heading(page, "Esta página não existe")
    expect(page).to_have_title("Página não encontrada · Painel do Sienge")
    page.get_by_role("link", name="Ir para o Início").click()
    page.wait_for_url("/")


def test_the_models_documentation_has_a_frame_and_a_way_back(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/docs/")
    heading(page, "Documentação dos modelos")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Modelos do dbt")).to_be_visible()
    page.get_by_role("link", name="Voltar às Configurações").click()
    page.wait_for_url("/configuracoes/")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_focus_is_never_under_the_header(open_page: Callable[..., Page], width: int) -> None:
    page = open_page("/configuracoes/", viewport={"width": width, "height": 700})
    heading(page, "Quem mudou o quê")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Pular para o conteúdo")
    page.keyboard.press("Enter")
    expect(page.locator("#conteudo")).to_be_focused()
    steps = 60
    for key in ("Tab", "Shift+Tab"):
        for _ in range(steps):
            page.keyboard.press(key)
            seen = page.evaluate("""() => {
              const found = document.activeElement, header = document.querySelector("header");
              if (header.contains(found) || found.matches("body, .skip, #conteudo")) return true;
              const { top, height } = found.getBoundingClientRect();
              return height > innerHeight / 2 || top >= header.getBoundingClientRect().bottom;
            }""")
            assert seen, page.evaluate("document.activeElement.outerHTML")


def test_what_is_refused_stays_in_its_field_and_the_focus_goes_there(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/configuracoes/")
    form = page.get_by_role("form", name="Acrescentar um aviso")
    form.get_by_label("Avisar por").select_option("webhook")
    field = form.locator("[name=url]")
    field.fill("http://127.0.0.1:9/aviso")
    press(page, "Acrescentar")
    expect(form.get_by_role("alert")).to_contain_text("127.0.0.1 é da rede interna")
    expect(field).to_have_value("http://127.0.0.1:9/aviso")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert_accessible(page)
    field.fill("https://8.8.8.8/aviso")
    press(page, "Acrescentar")
    expect(page.get_by_text("Acrescentado: envie um teste")).to_be_visible()
    expect(field).to_have_value("")
    take = page.get_by_role("button", name="Tirar JSON")
    take.click()
    expect(take).to_have_count(0)
    expect(page.get_by_role("heading", name="Alertas")).to_be_focused()


def test_a_button_keeps_the_focus_after_its_action(open_page: Callable[..., Page]) -> None:
    page = open_page("/configuracoes/")
    save = page.get_by_role("button", name="Salvar horário")
    save.click()
    expect(page.get_by_text("Horário salvo.")).to_be_visible()
    expect(save).to_be_focused()


def test_a_reader_sees_everything_but_may_do_nothing(open_page: Callable[..., Page]) -> None:
    page = reading(open_page(inside=False))
    expect(page.get_by_role("button", name="Sincronizar agora")).to_have_count(0)
    heading(page, "Ainda não há dados")
    page.get_by_role("link", name="Configurações").click()
    expect(page.get_by_text("Você entrou como leitor: vê tudo")).to_be_visible()
    for hidden in ("Credenciais do Sienge", "Conexão e permissões", "Quem mudou o quê"):
        expect(page.get_by_role("heading", name=hidden)).to_have_count(0)
    heading(page, "Power BI e outros programas")
    expect(page.get_by_label("Quantas vezes")).to_be_disabled()
    for name in ("Salvar", "Salvar horário", "Acrescentar", "Mostrar a senha do banco"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    assert_accessible(page)


def test_the_owner_reads_who_changed_what(panel: Panel, open_page: Callable[..., Page]) -> None:
    visitor = panel.browser()
    assert visitor.ask("PUT", "/api/alerts", json={"hours": 33}).ok
    assert visitor.ask("PUT", "/api/alerts", json={"hours": 44}).ok
    page = open_page("/configuracoes/")
    line = (
        page.get_by_role("region", name="Mudanças")
        .get_by_role("listitem")
        .filter(has_text="Horas até avisar: de 33 para 44")
    )
    expect(line).to_contain_text("Mudou quando avisar")
    expect(line).to_contain_text("dono, 127.0.0.1")
