"""What the panel makes of a Sienge that lists, registers and removes webhooks in other ways."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sienge_panel.hooks.keys import Keys
from sienge_panel.hooks.registration import MOST_PAGES, Hooks
from sienge_panel.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ORIGIN = "https://painel.example"
KEYS = Keys("segredo", "token", "demo")
EVENTS = ["CUSTOMER_CREATED", "CUSTOMER_UPDATED"]
OWN_ERROR = {"status": 500, "developerMessage": "Internal", "clientMessage": "Erro interno"}
HTML = b"<html><meta http-equiv='refresh' content='0; url=/login'></html>"
ERRORS = [
    (200, OWN_ERROR),
    (200, {"errors": [{"message": "Erro interno"}]}),
    (200, HTML),
    (200, b'{"results": ['),
    (302, HTML),
]
Answer = tuple[int, Any]


class Sienge(ThreadingHTTPServer):
    """Webhooks, and in which ways they are listed and changed."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.hooks: list[Any] = []
        self.cap = 200
        self.ignores_offset = False
        self.endless = False
        self.count: int | None = None
        self.answers: dict[str, Answer] = {}
        """By method, an answer in place of the usual one."""
        self.asked: list[str] = []

    def listed(self, offset: int, limit: int) -> dict[str, Any]:
        first = 0 if self.ignores_offset else offset
        page = self.hooks[first : first + min(limit, self.cap)]
        if self.endless:
            page = [hook(f"e{offset}", "https://outro.example/x")]
        told = {"limit": limit, "offset": offset}
        told |= {} if self.count is None else {"count": self.count}
        return {"resultSetMetadata": told, "results": page}

    @property
    def changes(self) -> list[str]:
        return [asked for asked in self.asked if not asked.startswith("GET")]

    @property
    def ids(self) -> list[str]:
        return [it["id"] for it in self.hooks]


class Handler(BaseHTTPRequestHandler):
    """Answers as Sienge's documents say, unless told otherwise."""

    server: Sienge

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        offset, limit = (int(query[name][0]) for name in ("offset", "limit"))
        self._answer(200, self.server.listed(offset, limit))

    def do_POST(self) -> None:
        made = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        made["id"] = f"n{len(self.server.asked)}"
        if "POST" not in self.server.answers:
            self.server.hooks.append(made)
        self._answer(201, made)

    def do_DELETE(self) -> None:
        id_ = unquote(self.path.rpartition("/")[2])
        if "DELETE" not in self.server.answers:
            self.server.hooks = [it for it in self.server.hooks if it["id"] != id_]
        self._answer(204, b"")

    def _answer(self, status: int, body: object) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        status, body = self.server.answers.get(self.command, (status, body))
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running() -> Iterator[Sienge]:
    with Sienge() as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@pytest.fixture
def sienge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sienge]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as server:
        yield server


@pytest.fixture
def asking(sienge: Sienge, tmp_path: Path) -> Hooks:
    return Hooks({
        "TAP_SIENGE_API_URL": f"http://127.0.0.1:{sienge.server_address[1]}",
        "TAP_SIENGE_USERNAME": "usuario",
        "TAP_SIENGE_PASSWORD": "senha",
        "TAP_SIENGE_QUOTA_DB": str(tmp_path / "quota.db"),
    })  # fmt: skip


def hook(id_: object, url: str = f"{ORIGIN}/ganchos/antigo", **more: object) -> dict[str, Any]:
    return {"id": id_, "url": url, "token": "antigo", "events": EVENTS} | more


def others(count: int) -> list[dict[str, Any]]:
    return [hook(f"o{n}", "https://outro.example/x") for n in range(count)]


def register(asking: Hooks) -> None:
    asking.register(ORIGIN, KEYS, EVENTS)


@pytest.mark.parametrize(
    "answer",
    [*ERRORS, (200, b""), (200, {}), (200, ["a"]), (200, [{"field": "limit", "message": "Não"}]),
     (200, {"resultSetMetadata": {}, "results": None}),
     (200, {"resultSetMetadata": {}, "results": ["a"]}),
     (200, {"resultSetMetadata": {}, "results": []} | OWN_ERROR)],
    ids=str,
)  # fmt: skip
def test_what_is_no_list_changes_nothing(sienge: Sienge, asking: Hooks, answer: Answer) -> None:
    sienge.answers["GET"] = answer
    for change in (lambda: register(asking), lambda: asking.remove(ORIGIN)):
        with pytest.raises(ProblemError, match=r"O Sienge (não mostrou a lista|recusou o pedido)"):
            change()
    assert not sienge.changes


@pytest.mark.parametrize(
    "answer", [(200, [hook("a")]), (200, {"results": [hook("a")]})], ids=["list", "results"]
)
def test_a_list_with_nothing_around_it_is_one(
    sienge: Sienge, asking: Hooks, answer: Answer
) -> None:
    sienge.answers["GET"] = answer
    assert asking.remove(ORIGIN) == 1
    assert sienge.changes == ["DELETE /v1/hooks/a"]


@pytest.mark.parametrize("answer", [(204, b""), (200, [])], ids=str)
def test_where_there_is_none_one_is_registered(
    sienge: Sienge, asking: Hooks, answer: Answer
) -> None:
    sienge.answers["GET"] = answer
    register(asking)
    assert sienge.ids == ["n1"]


def test_ours_behind_shorter_pages_are_found(sienge: Sienge, asking: Hooks) -> None:
    sienge.hooks, sienge.cap = [*others(120), hook("a"), hook("b")], 50
    register(asking)
    assert sienge.ids == [*(f"o{n}" for n in range(120)), "n4"]


def test_a_list_that_begins_again_ends(sienge: Sienge, asking: Hooks) -> None:
    sienge.hooks, sienge.ignores_offset = [*others(199), hook("a")], True
    assert asking.remove(ORIGIN) == 1
    assert sienge.changes == ["DELETE /v1/hooks/a"]


def test_a_list_that_does_not_show_all_changes_nothing(sienge: Sienge, asking: Hooks) -> None:
    sienge.hooks, sienge.ignores_offset, sienge.cap, sienge.count = others(80), True, 50, 80
    with pytest.raises(ProblemError, match="há 80 webhooks e só mostrou 50"):
        register(asking)
    assert not sienge.changes


def test_a_list_without_end_changes_nothing(sienge: Sienge, asking: Hooks) -> None:
    sienge.endless = True
    with pytest.raises(ProblemError, match=f"mais de {MOST_PAGES} páginas"):
        register(asking)
    assert len(sienge.asked) == MOST_PAGES
    assert not sienge.changes


@pytest.mark.parametrize("id_", [None, "", ["a"]], ids=str)
def test_an_old_one_without_id_is_told(sienge: Sienge, asking: Hooks, id_: object) -> None:
    sienge.hooks = [hook("a"), hook(id_)]
    with pytest.raises(ProblemError, match="sem o código"):
        register(asking)
    assert not sienge.changes


def test_an_id_is_one_step_of_the_path(sienge: Sienge, asking: Hooks) -> None:
    sienge.hooks = [hook("a/b?c#d é"), hook(7)]
    assert asking.remove(ORIGIN) == 2
    assert sienge.changes == ["DELETE /v1/hooks/a%2Fb%3Fc%23d%20%C3%A9", "DELETE /v1/hooks/7"]


@pytest.mark.parametrize("answer", [*ERRORS, (200, []), (200, {"status": "ERROR"})], ids=str)
def test_what_is_no_success_does_not_pass_for_one(
    sienge: Sienge, asking: Hooks, answer: Answer
) -> None:
    sienge.hooks = [hook("a")]
    sienge.answers["POST"] = answer
    with pytest.raises(ProblemError, match=r"O Sienge (não confirmou|recusou o pedido)"):
        register(asking)
    assert len(sienge.changes) == 1  # the old one stays
    sienge.answers = {"DELETE": answer}
    with pytest.raises(ProblemError, match=r"O Sienge (não confirmou|recusou o pedido)"):
        asking.remove(ORIGIN)


@pytest.mark.parametrize("body", [b"", {"status": 404, "clientMessage": "Não encontrado"}])
def test_what_is_gone_is_removed(sienge: Sienge, asking: Hooks, body: object) -> None:
    sienge.hooks = [hook("a"), hook("b")]
    sienge.answers["DELETE"] = (404, body)
    assert asking.remove(ORIGIN) == 2


def test_a_path_that_is_unknown_removes_nothing(sienge: Sienge, asking: Hooks) -> None:
    sienge.hooks = [hook("a")]
    sienge.answers["DELETE"] = (404, HTML)
    with pytest.raises(ProblemError, match="404"):
        asking.remove(ORIGIN)


@pytest.mark.parametrize("answer", [(403, b""), (500, OWN_ERROR), (200, HTML)], ids=str)
def test_a_second_try_removes_what_a_first_could_not(
    sienge: Sienge, asking: Hooks, answer: Answer
) -> None:
    sienge.hooks = [hook("a"), hook("b")]
    sienge.answers["DELETE"] = answer
    for _ in range(2):
        with pytest.raises(ProblemError, match=r"está registrado, mas .* avisa em dobro"):
            register(asking)
        assert sienge.ids == ["a", "b", "n2"]  # no more than one new one
    sienge.answers.clear()
    register(asking)
    assert sienge.ids == ["n2"]


@pytest.mark.parametrize(
    "change", [{"token": "outro"}, {"events": EVENTS[:1]}, {"events": None}], ids=str
)
def test_one_that_is_not_as_wanted_is_replaced(
    sienge: Sienge, asking: Hooks, change: dict[str, Any]
) -> None:
    sienge.hooks = [hook("a", ORIGIN + KEYS.path, token=KEYS.token, events=EVENTS[::-1])]
    register(asking)
    assert sienge.ids == ["a"]
    sienge.hooks[0] |= change
    register(asking)
    (found,) = sienge.hooks
    assert (found["token"], found["events"]) == (KEYS.token, EVENTS)
