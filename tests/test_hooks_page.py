"""In a browser: where Sienge is to call, the buttons that write to it, and what it told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from testing.pipeline import running_line
from tests.hooks import Receiver, running_hooks
from tests.panel import PASSWORD, READING, Panel
from tests.test_panel_page import (  # noqa: F401, fixtures are used by their names
    SECRET,
    USER,
    assert_accessible,
    chromium,
    enter,
    heading,
    open_page,
    press,
    pytestmark,
)
from tests.test_panel_why_page import looks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Panel, Receiver]]:
    folder = tmp_path_factory.mktemp("ganchos-pagina")
    with running_line(folder) as line:
        (line.project / "transform").unlink()
        with running_hooks(line, folder) as started:
            yield started


@pytest.fixture(scope="module")
def panel(both: tuple[Panel, Receiver]) -> Panel:
    return both[0]


@pytest.fixture(scope="module")
def receiver(both: tuple[Panel, Receiver]) -> Receiver:
    return both[1]


def test_the_owner_registers_at_a_button_and_sees_what_came(
    panel: Panel,
    receiver: Receiver,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    receiver.tell("COISA_NOVA", {"coisaId": 41})
    receiver.tell("CUSTOMER_UPDATED", {"outroId": 42})
    for page in looks(open_page, "/ganchos/"):
        heading(page, "Como o Sienge avisa")
        expect(page.get_by_text(receiver.url + receiver.keys.path)).to_be_visible()
        expect(page.get_by_text("únicas gravações que este projeto faz")).to_be_visible()
        aside = page.get_by_role("region", name="Avisos separados")
        expect(aside).to_contain_text("o aviso não traz customerId")
        listed = page.get_by_role("region", name="Avisos", exact=True)
        expect(listed).to_contain_text("COISA_NOVA, coisaId 41")
    button = page.get_by_role("button", name="Registrar no Sienge")
    expect(button).to_be_disabled()
    page.get_by_role("checkbox", name="Entendi").check()
    button.click()
    expect(page.get_by_text("O Sienge passa a avisar este painel.")).to_be_visible()
    expect(page.get_by_text("para 26 tipos de aviso")).to_be_visible()
    assert receiver.keys.path in str(panel.line.simulator.rows("/v1/hooks"))
    press(page, "Conferir o endereço")
    expect(page.get_by_text("O receptor respondeu no endereço público")).to_be_visible()
    page.get_by_text("Registrar à mão").click()
    page.get_by_label("Senha do painel").fill(PASSWORD)
    press(page, "Mostrar o token")
    expect(page.get_by_text(receiver.keys.token)).to_be_visible()
    page.get_by_role("button", name=re.compile("^Tentar de novo CUSTOMER_UPDATED")).click()
    expect(page.get_by_text("Volta à fila")).to_be_visible()


def test_a_reader_sees_what_came_and_no_secret(
    receiver: Receiver,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    page = open_page("/ganchos/", inside=False)
    enter(page, READING)
    heading(page, "Últimos avisos")
    expect(page.get_by_text(receiver.url).first).to_be_visible()
    expect(page.get_by_role("button", name="Registrar no Sienge")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("Tentar"))).to_have_count(0)
    assert receiver.keys.secret not in page.content()
