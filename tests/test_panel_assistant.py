"""The owner makes and revokes the assistants' tokens, and sees what they asked."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from subprocess import DEVNULL
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect

from demo.assistant import role
from testing.pipeline import running_line
from tests.assistente.server import PROGRAM, asked, serving
from tests.panel import READING, Panel, running_panel
from tests.test_panel_page import (  # noqa: F401, fixtures are used by their names
    chromium,
    heading,
    open_page,
    press,
    pytestmark,
)
from tests.test_panel_why_page import looks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

SQL = "select 1 as um"


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """Start a panel beside a server of assistants; the models are of no matter here."""
    folder = tmp_path_factory.mktemp("fichas")
    with running_line(folder) as line:
        own = {
            "ASSISTENTE_FICHAS": str(folder / "servidor" / "fichas.json"),
            "ASSISTENTE_REGISTRO": str(folder / "servidor" / "chamadas.jsonl"),
        }
        with running_panel(line, folder / "painel.log", **own) as started:
            assert started.browser().ask("PUT", "/api/first", json={"step": None}).ok
            yield started


@pytest.fixture(scope="module")
def server(panel: Panel) -> Iterator[str]:
    names = ("ASSISTENTE_FICHAS", "ASSISTENTE_REGISTRO")
    kept = {name: panel.env[name] for name in names}
    address = role(panel.line.server)
    with serving({"PATH": os.defpath, "ASSISTENTE_DATABASE": address, **kept}) as url:
        yield url


def status(url: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.post(url, json={}, headers=headers, trust_env=False).status_code


def test_the_owner_makes_a_token_sees_what_it_asked_and_revokes_it(
    panel: Panel,
    server: str,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    for page in looks(open_page, "/assistente/"):
        expect(page.get_by_text("Ainda não há fichas")).to_be_visible()
    page = open_page("/assistente/")
    page.get_by_label("Nome da ficha nova").fill("n8n da obra")
    press(page, "Criar ficha")
    token = page.locator(".copy code").inner_text()
    kept = Path(panel.env["ASSISTENTE_FICHAS"])
    assert (kept.stat().st_mode & 0o777, token in kept.read_text()) == (0o600, False)
    assert asked(server, token, SQL).content  # no models: refused, and written down
    assert status(server, f"{token[:-1]}x") == 401
    for page in looks(open_page, "/assistente/"):
        expect(page.get_by_text("n8n da obra").first).to_be_visible()
        assert token not in page.content()
        page.get_by_text("SQL", exact=False).and_(page.locator("summary")).first.click()
        expect(page.locator("pre").first).to_have_text(SQL)
    page = open_page("/assistente/")
    page.get_by_role("button", name=re.compile("Revogar.*n8n da obra")).click()
    expect(page.get_by_text("A ficha n8n da obra não vale mais.")).to_be_visible()
    assert status(server, token) == 401
    page.goto("/configuracoes/")
    changes = page.get_by_role("region", name="Mudanças")
    expect(changes.get_by_role("listitem").first).to_contain_text("Revogou uma ficha de assistente")
    expect(changes).to_contain_text("Criou uma ficha de assistenteFicha: de nada para n8n da obra")
    said = "".join(panel.browser().ask("GET", "/api/changes").text)
    assert token not in said + panel.log.read_text()


def test_only_the_owner_may(panel: Panel, open_page: Callable[..., Page]) -> None:  # noqa: F811
    reader = panel.browser(password=READING)
    assert reader.ask("GET", "/api/assistant").status_code == 403
    assert reader.post("/api/assistant/tokens", {"name": "meu"}).status_code == 403
    assert reader.ask("DELETE", "/api/assistant/tokens/meu").status_code == 403
    assert panel.browser(login=False).ask("GET", "/api/assistant").status_code == 401
    page = open_page("/", inside=False)
    page.get_by_label("Senha do painel").fill(READING)
    press(page, "Entrar")
    expect(page.get_by_role("link", name="Configurações")).to_be_visible()
    expect(page.get_by_role("link", name="Assistente")).to_have_count(0)
    page.goto("/assistente/")
    expect(page.get_by_text("Só o dono vê as fichas")).to_be_visible()


def test_names_are_told_apart_and_any_token_is_revoked(panel: Panel) -> None:
    browser = panel.browser()
    assert browser.post("/api/assistant/tokens", {"name": "Maria"}).ok
    again = browser.post("/api/assistant/tokens", {"name": " Maria "})
    assert (again.status_code, again.json()["detail"]) == (
        409,
        "Já há uma ficha Maria: revogue-a antes, ou escolha outro nome.",
    )
    for bad in ("", "a" * 61, "<b>", "x\ny"):
        assert browser.post("/api/assistant/tokens", {"name": bad}).status_code == 422
    kept = Path(panel.env["ASSISTENTE_FICHAS"])
    kept.write_text(kept.read_text().replace('"Maria"', '"TI/Compras: ação"'))  # made in a terminal
    gone = browser.ask("DELETE", "/api/assistant/tokens/TI%2FCompras%3A%20a%C3%A7%C3%A3o")
    assert (gone.status_code, browser.read("/api/assistant")["tokens"]) == (200, [])
    assert browser.ask("DELETE", "/api/assistant/tokens/ninguem").status_code == 409


def test_files_that_cannot_be_used_are_told_in_one_sentence(panel: Panel) -> None:
    browser, kept = panel.browser(), Path(panel.env["ASSISTENTE_FICHAS"])
    before = kept.read_text()
    kept.write_text("{")
    try:
        answer = browser.ask("GET", "/api/assistant")
        assert answer.status_code == 409
        assert answer.json()["detail"].startswith("As fichas dos assistentes, em ")
    finally:
        kept.write_text(before)
    log = Path(panel.env["ASSISTENTE_REGISTRO"])
    with log.open("a") as file:
        file.write('{"quando": "2026-')  # a line of which the rest is still to come
    assert browser.read("/api/assistant")["calls"][0]["sql"] == SQL


def test_the_panel_and_a_terminal_change_the_tokens_at_once(panel: Panel) -> None:
    names = ("ASSISTENTE_FICHAS", "ASSISTENTE_REGISTRO")
    env = {"PATH": os.defpath} | {name: panel.env[name] for name in names}
    made = [
        subprocess.Popen([PROGRAM, "ficha", "cria", f"terminal {number}"], env=env, stdout=DEVNULL)
        for number in range(4)
    ]
    browser = panel.browser()
    number = 0
    while any(process.poll() is None for process in made):
        assert browser.post("/api/assistant/tokens", {"name": f"painel {number}"}).ok
        number += 1
    assert [process.wait() for process in made] == [0] * 4
    kept = json.loads(Path(panel.env["ASSISTENTE_FICHAS"]).read_text())
    both = [*(f"terminal {it}" for it in range(4)), *(f"painel {it}" for it in range(number))]
    assert {*both} <= {*kept}


def test_a_change_of_which_the_process_was_killed_bars_nobody(panel: Panel) -> None:
    part = Path(panel.env["ASSISTENTE_FICHAS"]).with_name(".fichas.json.part")
    part.touch()
    os.utime(part, (0, 0))
    assert panel.browser().post("/api/assistant/tokens", {"name": "Depois"}).ok
    assert not part.exists()
