"""The controller's 25 questions on two seeds, after changes, and with faults in the SQL."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from testing.pipeline import ROOT
from tests.controller import stage
from tests.controller.check import READY, asked, disagreements, rows
from tests.controller.mutations import MUTATIONS, noticed
from tests.controller.odd import spoil

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.pipeline import Line

PAGE = ROOT / "docs" / "controle.md"

BULK, REST = 1, 3
"""Seeds: all the BULK is read of the first, none of the second."""


@pytest.fixture(scope="module")
def bulk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with stage.running(tmp_path_factory.mktemp("bulk"), BULK) as line:
        stage.prepare(line, BULK)
        yield line


def assert_all_agree(line: Line, seed: int) -> None:
    answers = asked(stage.books(line, seed))
    assert len(answers) == 25
    assert all(any(answer.expected for answer in each) for each in answers.values())
    assert disagreements(answers, line.database) == {}


def test_the_marts_say_what_the_controller_says(bulk: Line) -> None:
    assert_all_agree(bulk, BULK)


def test_they_still_do_after_random_changes(bulk: Line) -> None:
    stage.prepare(bulk, BULK, Random(BULK), again=True)
    assert_all_agree(bulk, BULK)


def test_faults_in_the_sql_are_noticed(bulk: Line) -> None:
    answers = asked(stage.books(bulk, BULK))
    assert disagreements(answers, bulk.database) == {}
    for mutation, questions in noticed(bulk, answers, Random(BULK).sample(MUTATIONS, 2)):
        assert questions, mutation.told


def test_no_model_or_question_breaks_on_odd_values(bulk: Line) -> None:
    database = stage.copied(bulk, "estranha")
    spoil(database, 0.5)
    stage.build(bulk, "path:models/marts", database="estranha")
    assert any(rows(database, f"marts.{mart}") for mart in ("fato_vendas", "dre", "custo_obra"))
    for path in READY.glob("*.sql"):
        rows(database, path.stem)


def test_they_agree_without_the_bulk(tmp_path_factory: pytest.TempPathFactory) -> None:
    with stage.running(tmp_path_factory.mktemp("rest"), REST) as line:
        stage.prepare(line, REST, Random(REST))
        assert_all_agree(line, REST)


def test_the_page_tells_every_question_and_fault() -> None:
    page = PAGE.read_text("utf-8")
    assert len({mutation.told for mutation in MUTATIONS}) == len(MUTATIONS) >= 20
    assert [each.told for each in MUTATIONS if f"| {each.told} |" not in page] == []
    for mutation in MUTATIONS:
        path = ROOT / "transform" / mutation.path
        assert mutation.old in path.read_text("utf-8"), mutation.told
