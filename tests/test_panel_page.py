"""The panel's page in a browser: everything behind it is real."""

from __future__ import annotations

import gzip
import re
import shutil
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sienge_simulator import testing

from testing.pipeline import ROOT, running_line
from tests.panel import PASSWORD, Panel, running_panel, running_receiver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WEB = ROOT / "panel" / "web"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
MISSING = [
    name
    for name, found in (
        ("a página (make panel/web/out, com o npm)", (WEB / "out").exists() and AXE.exists()),
        ("o Chromium (no Debian: apt install chromium)", CHROMIUM),
    )
    if not found
]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"falta {' e '.join(MISSING)}")

RULE = re.compile(".*Content Security Policy.*")
READER = "so-de-leitura"
PATIENCE = 300_000
VIEWS = {"/": "Início", "/tabelas/": "Tabelas", "/execucoes/": "Execuções"} | {
    "/configuracoes/": "Configurações"
}
TABLES = {"patrimony_fixed": "Bens imóveis", "patrimony_movable": "Bens móveis"}
MOVABLE = "/v1/patrimony/movable"
USER, SECRET = testing.USER


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """Start a panel that knows nothing yet."""
    folder = tmp_path_factory.mktemp("pagina")
    with running_line(folder, "--rows", "patrimony_movable=450") as line:
        (line.project / "transform").unlink()  # dbt would build longer than all tests here take
        own = {"LEITURA_PASSWORD": READER, "TAP_SIENGE_MAX_RETRIES": "1"}
        with running_panel(line, folder / "painel.log", **own) as started:
            yield started


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM)


@pytest.fixture
def open_page(panel: Panel, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages in browsers of their own, inside or before the door; none may break a rule.

    Nor may any ask another server for anything.
    """
    contexts: list[BrowserContext] = []
    broken: list[str] = []
    asked: set[str] = set()

    def opened(path: str = "/", *, inside: bool = True, **options: Any) -> Page:  # noqa: ANN401
        context = chromium.new_context(base_url=panel.url, locale="pt-BR", **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if inside:
            ((name, value),) = panel.browser().cookies.items()
            context.add_cookies([{"name": name, "value": value, "url": panel.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda said: broken.extend(RULE.findall(said.text)))
        page.on("request", lambda request: asked.add(request.url.split("/")[2]))
        # The parts of this long page come one after another, and move what is about to be clicked.
        is_long = path.startswith("/configuracoes/")
        page.goto(path, wait_until="networkidle" if is_long else "load")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not broken
    assert asked <= {panel.url.split("/")[2]}


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture(scope="module")
def synced(panel: Panel) -> Panel:
    """Make sure that the first sync was done."""
    visitor = panel.browser()
    if not visitor.read("/api/status")["last"]:
        given = {"subdomain": panel.line.simulator.config["subdomain"]}
        given |= {"username": USER, "password": SECRET}
        assert visitor.ask("PUT", "/api/credentials", json=given).ok
        assert visitor.ask("PUT", "/api/tables", json={"presets": ["patrimonio"]}).ok
        visitor.sync()
        assert visitor.ask("PUT", "/api/first", json={"step": None}).ok
    return panel


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def enter(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Senha do painel").fill(password)
    press(page, "Entrar")


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name)).to_be_visible()


# The first visit: these tests follow each other


def test_a_wrong_password_stays_outside(open_page: Callable[..., Page]) -> None:
    page = open_page(inside=False)
    enter(page, "errada")
    expect(page.get_by_role("status")).to_have_text("Senha incorreta.")
    expect(page.get_by_role("navigation")).to_have_count(0)


def test_the_first_visit_leads_to_power_bi(panel: Panel, open_page: Callable[..., Page]) -> None:
    page = open_page(inside=False)
    enter(page)
    page.get_by_label("Subdomínio").fill(panel.line.simulator.config["subdomain"])
    page.get_by_label("Usuário de API").fill(USER)
    page.get_by_label("Senha de API").fill("errada")
    press(page, "Salvar")
    press(page, "Testar conexão")
    expect(page.get_by_role("status")).to_contain_text("recusou o usuário ou a senha")

    press(page, "Corrigir as credenciais")
    page.get_by_label("Senha de API").fill(SECRET)
    press(page, "Salvar")
    press(page, "Testar conexão")

    heading(page, "O que ler todos os dias")
    page.get_by_role("checkbox", name="Padrão").uncheck()
    page.get_by_role("checkbox", name="Patrimônio").check()
    press(page, "Continuar")

    heading(page, "Primeira leitura")
    press(page, "Começar")
    expect(page.get_by_role("region", name="Andamento da sincronização")).to_be_visible()
    press(page, "Ligar o Power BI")

    with page.expect_download() as download:
        page.get_by_role("link", name="Baixar o arquivo para o Power BI").click()
    assert download.value.suggested_filename == "sienge.pbids"
    with page.expect_download() as download:
        page.get_by_role("link", name="Baixar o projeto do Power BI").click()
    assert download.value.suggested_filename == "Sienge.zip"
    page.get_by_label("Senha do painel").fill(PASSWORD)
    press(page, "Mostrar a senha do banco")
    expect(page.get_by_text(READER)).to_be_visible()
    press(page, "Ir para o painel")
    heading(page, "Os dados estão em dia")


# Every day


def test_one_sync_at_a_time_and_it_can_be_cancelled(
    synced: Panel, open_page: Callable[..., Page]
) -> None:
    admin = synced.line.simulator.admin
    first, second = open_page("/"), open_page("/execucoes/")
    expect(second.get_by_role("button", name="Sincronizar agora")).to_be_visible()
    second.route("**/api/status", lambda route: route.abort())  # has not heard of the first
    third = {"path": MOVABLE, "offset": 398}
    admin("/faults", third | {"kind": "latency", "latency_ms": 60_000})
    try:
        press(first, "Sincronizar agora")
        heading(first, "Sincronizando agora")
        press(second, "Sincronizar agora")
        expect(second.get_by_text("Já há uma sincronização em andamento")).to_be_visible()
        far = first.get_by_text("Lendo Bens móveis: página 2 de 3, 200 linhas")
        expect(far).to_be_visible()
        assert_accessible(first)
        press(first, "Cancelar a sincronização")
        heading(first, "A última sincronização foi cancelada")
    finally:
        admin("/faults", method="DELETE")


def test_a_run_that_fails_half_way_says_what_failed_and_what_is_fresh(
    synced: Panel, page: Page
) -> None:
    admin = synced.line.simulator.admin
    admin("/faults", {"path": MOVABLE, "kind": "status", "count": 99})
    try:
        press(page, "Sincronizar agora")
        heading(page, "1 tabela precisa de atenção")
    finally:
        admin("/faults", method="DELETE")
    (failed,) = page.get_by_role("listitem").filter(has=page.get_by_text("Falhou")).all()
    expect(failed).to_contain_text("Bens móveis")
    expect(failed).to_contain_text("Os dados são de hoje")
    expect(page.locator("dl")).to_contain_text("1 de 2")
    page.get_by_role("link", name="Execuções").click()
    latest = page.get_by_role("listitem").filter(has_text=":").first
    expect(latest).to_contain_text("Falhou")
    latest.get_by_role("button", name="Registro").click()
    expect(latest.get_by_label("Linhas do registro")).to_contain_text("falhou: patrimony_movable")


def test_sync_now_goes_on_to_the_true_numbers_and_shows_what_sienge_sends_as_text(
    synced: Panel, page: Page
) -> None:
    admin, script = synced.line.simulator.admin, "<script>document.title='invadido'</script>"
    admin("/change", {"resource": "patrimony_fixed", "create": 3})
    admin("/faults", {"path": MOVABLE, "kind": "replace", "items": [{script: '"x"'}]})
    press(page, "Sincronizar agora")
    heading(page, "Sincronizando agora")
    expect(page.get_by_role("progressbar")).to_be_visible()
    heading(page, "Os dados estão em dia")
    page.get_by_role("link", name="Tabelas").click()
    for name, title in TABLES.items():
        row = page.get_by_role("row").filter(has_text=title)
        expect(row.locator(".number").first).to_have_text(
            str(len(synced.line.simulator.truth(name)))
        )
    expect(page.get_by_role("row").filter(has_text="Bens móveis")).to_contain_text(script)
    expect(page).to_have_title("Tabelas · Painel do Sienge")


@pytest.mark.usefixtures("synced")
def test_a_test_of_the_alerts_says_whether_it_went(page: Page) -> None:
    page.get_by_role("link", name="Configurações").click()
    with running_receiver() as receiver:
        added = page.get_by_role("form", name="Acrescentar um aviso")
        added.get_by_label("Avisar por").select_option("other")
        added.locator("[name=url]").fill(receiver.address)
        press(page, "Acrescentar")
        item = page.get_by_role("listitem").filter(has_text=f":{receiver.server_port}")
        expect(item).to_be_visible()
        press(page, "Enviar teste")
        expect(page.get_by_text("Teste enviado: confira se chegou.")).to_be_visible()
        assert "Este é um teste: os alertas do painel chegam aqui." in receiver.told
        receiver.refuses = True
        press(page, "Enviar teste")
        expect(page.get_by_text("Não consegui enviar por JSON")).to_be_visible()
    item.get_by_role("button", name="Tirar").click()
    expect(item).to_have_count(0)
    expect(page.get_by_role("heading", name="Alertas")).to_be_focused()


def test_settings_survive_a_restart(synced: Panel, page: Page) -> None:
    page.get_by_role("link", name="Configurações").click()
    page.locator("label", has_text=re.compile("^Horário")).locator("select").select_option("05:00")
    press(page, "Salvar horário")
    expect(page.get_by_text("Horário salvo.")).to_be_visible()
    added = page.get_by_role("form", name="Acrescentar um aviso")
    added.get_by_label("Avisar por").select_option("other")
    added.locator("[name=url]").fill("json://usuario:segredo@127.0.0.1:9/")
    press(page, "Acrescentar")
    expect(page.get_by_role("button", name="Tirar")).to_be_visible()
    synced.stop()
    synced.env = {**synced.env, "TAP_SIENGE_PERSONAL_DATA": "keep"}
    synced.start()
    page.reload()
    expect(page.get_by_label("Dados pessoais (LGPD)")).to_be_disabled()
    expect(page.get_by_text("O que fazer com nomes")).to_contain_text("Definido no ambiente")
    expect(page.locator("label", has_text=re.compile("^Horário")).locator("select")).to_have_value(
        "05:00"
    )
    expect(page.get_by_role("checkbox", name="Patrimônio")).to_be_checked()
    kept = page.get_by_role("listitem").filter(has=page.get_by_role("button", name="Tirar"))
    expect(kept).to_contain_text("json://")
    assert "segredo" not in page.content()


def test_tables_are_sorted_and_searched(synced: Panel, page: Page) -> None:
    page.get_by_role("link", name="Tabelas").click()
    names = page.get_by_role("rowheader").locator("small")
    counts = {name: len(synced.line.simulator.truth(name)) for name in TABLES}
    rising = sorted(counts, key=lambda name: counts[name])
    header = page.get_by_role("columnheader", name="Registros")
    for order, expected in (("ascending", rising), ("descending", rising[::-1])):
        header.get_by_role("button").click()
        expect(header).to_have_attribute("aria-sort", order)
        expect(names).to_have_text(expected)
    page.get_by_role("searchbox").fill("IMOVEIS")
    expect(names).to_have_text(["patrimony_fixed"])


def test_the_connection_string_is_copied(synced: Panel, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Configurações").click()
    press(page, "Copiar ODBC")
    expect(page.get_by_role("button", name="Copiado ODBC")).to_be_visible()
    told = synced.browser().read("/api/bi")
    assert page.evaluate("navigator.clipboard.readText()") == told["odbc"]


def test_a_spent_quota_and_forbidden_tables_are_said(synced: Panel, page: Page) -> None:
    log = "insert into sienge.sync_log (run_id, stream, started_at, status, extent, requests) "
    rows = "values ('x', 'units', localtimestamp, 'postponed', 'none', 100), ('x', 'bills', "
    rows += "localtimestamp, 'skipped', 'none', 1) returning 1"
    synced.line.query(log + rows)
    visitor = synced.browser()
    assert visitor.ask("PUT", "/api/credentials", json={"plan": "free"}).ok
    try:
        page.reload()
        heading(page, "A cota de hoje acabou: a leitura continua amanhã")
        meter = page.get_by_role("meter", name="Cota usada hoje")
        expect(meter).to_have_attribute("max", "100")
        (late,) = page.get_by_role("listitem").filter(has=page.get_by_text("Adiada")).all()
        expect(late).to_contain_text("Unidades")
        heading(page, "Sem permissão: 1 tabela")
        page.get_by_text("Títulos a pagar bills").click()
        expect(page.get_by_text("/v1/bills", exact=True)).to_be_visible()
        press(page, "Sincronizar agora")
        expect(page.get_by_text("A cota de hoje acabou (")).to_be_visible()
        assert_accessible(page)
    finally:
        synced.line.query("delete from sienge.sync_log where run_id = 'x' returning 1")
        assert visitor.ask("PUT", "/api/credentials", json={"plan": ""}).ok


def test_a_run_from_elsewhere_is_shown_but_not_ended_here(synced: Panel, page: Page) -> None:
    run = (
        "insert into meltano.runs (job_name, run_id, state, started_at, last_heartbeat_at,"
        " payload, payload_flags, trigger) select job_name, gen_random_uuid(), 'RUNNING',"
        " now() at time zone 'UTC', now() at time zone 'UTC', payload, payload_flags, trigger"
        " from meltano.runs limit 1 returning run_id"
    )
    found = synced.line.query(run)[0]["run_id"]
    secrets = synced.line.query("delete from painel.segredo returning *")
    try:
        page.reload()
        heading(page, "Sincronizando agora")
        expect(page.get_by_text("Quem sincroniza é outro programa.")).to_be_visible()
        expect(page.get_by_text("O painel não acompanha esta execução")).to_be_visible()
        page.get_by_role("link", name="Execuções").click()
        press(page, "Cancelar a sincronização")
        expect(page.get_by_text("só nele se cancela")).to_be_visible()
        latest = page.get_by_role("listitem").first
        expect(latest).to_contain_text("Em andamento")
        expect(latest.get_by_role("button", name="Registro")).to_have_count(0)
    finally:
        synced.line.query(f"delete from meltano.runs where run_id = '{found}' returning 1")
        with psycopg.connect(synced.line.database) as connection:
            connection.cursor().executemany(
                "insert into painel.segredo values (%(nome)s, %(valor)s, %(alterado)s)", secrets
            )


def test_an_ended_session_leads_to_the_door_and_back(synced: Panel, page: Page) -> None:
    page.get_by_role("link", name="Tabelas").click()
    thief = synced.browser(login=False)
    (cookie,) = page.context.cookies()
    thief.cookies.set(cookie["name"], cookie["value"])
    assert thief.post("/api/logout").status_code == 204
    enter(page)
    heading(page, "Tabelas")


@pytest.mark.usefixtures("synced")
def test_the_keyboard_suffices(open_page: Callable[..., Page]) -> None:
    page = open_page(inside=False)

    def reach(name: str) -> None:
        for _ in range(90):  # each of thirty days is a button
            focused = page.locator(":focus")
            if focused.count() and focused.and_(page.get_by_text(name, exact=True)).count():
                return
            page.keyboard.press("Tab")
        pytest.fail(f"the focus does not reach {name}")

    expect(page.get_by_label("Senha do painel")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation")).to_be_visible()
    reach("Execuções")
    page.keyboard.press("Enter")
    heading(page, "Execuções")
    reach("Registro")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Linhas do registro")).to_contain_text("Run completed")
    reach("Sair")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Senha do painel")).to_be_focused()


@pytest.mark.usefixtures("synced")
@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)], ids=str
)
def test_every_view_is_accessible(open_page: Callable[..., Page], scheme: str, width: int) -> None:
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    door = open_page(inside=False, **look)
    expect(door.get_by_label("Senha do painel")).to_be_visible()
    assert_accessible(door)
    page = open_page(**look)
    for path, title in VIEWS.items():
        page.get_by_role("link", name=title, exact=True).click()
        page.wait_for_url(path)
        expect(page).to_have_title(f"{title} · Painel do Sienge")
        page.wait_for_load_state("networkidle")
        assert_accessible(page)


def violations(page: Page, *impacts: str) -> list[tuple[str, list[str]]]:
    """Give the rules of axe that a page breaks, and where; of all impacts unless some are named."""
    page.evaluate(AXE.read_text("utf-8"))
    # What is not asked for is found too, but not described.
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(it => it.violations)")
    return [
        (rule["id"], [node["html"] for node in rule["nodes"]])
        for rule in found
        if not impacts or rule["impact"] in impacts
    ]


def assert_accessible(page: Page) -> None:
    """Neither does axe find anything serious, nor must one scroll sideways."""
    assert violations(page, "serious", "critical") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_first_load_is_light() -> None:
    html = (WEB / "out" / "index.html").read_text("utf-8")
    scripts = re.findall(r'<script[^>]* src="([^"]+)"(?![^>]*noModule)', html)
    assert len(scripts) > 3
    sizes = [len(gzip.compress((WEB / "out" / s.lstrip("/")).read_bytes())) for s in scripts]
    assert sum(sizes) < 200_000


def test_the_scripts_tell_browsers_to_compile_them_while_they_load() -> None:
    scripts = [*(WEB / "out").rglob("*.js")]
    assert len(scripts) > 3
    for script in scripts:
        content = script.read_bytes()
        assert content.startswith(b"//# allFunctionsCalledOnLoad\n"), script
        assert gzip.decompress(script.with_name(f"{script.name}.gz").read_bytes()) == content
