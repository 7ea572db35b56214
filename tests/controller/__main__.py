"""``make controller``: ask the questions on many seeds, or put faults into the SQL."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.controller import stage
from tests.controller.check import asked, disagreements
from tests.controller.mutations import noticed

if TYPE_CHECKING:
    from testing.pipeline import Line

SHOWN = 5
"""Differences that are shown of each question."""


def say(text: str) -> None:
    """Show a line at once."""
    print(text, flush=True)


def compare(line: Line, seed: int, when: str) -> bool:
    """Ask every question; show how many agree, and where the others differ."""
    answers = asked(stage.books(line, seed))
    found = disagreements(answers, line.database)
    say(f"semente {seed}, {when}: {len(answers) - len(found)} de {len(answers)} perguntas conferem")
    for name, different in found.items():
        say(f"  {name}: {len(different)} diferenças")
        for each in different[:SHOWN]:
            say(f"    {each}")
    return not found


def play(line: Line, seed: int, *, again: bool) -> bool:
    """Ask on one seed, before and after random changes."""
    stage.prepare(line, seed, again=again)
    agree = compare(line, seed, "como nasceu")
    stage.prepare(line, seed, Random(seed), again=True)
    return compare(line, seed, "depois das mudanças") and agree


def play_all(seeds: range) -> bool:
    """Ask on every seed, in one database."""
    with tempfile.TemporaryDirectory() as folder, stage.running(Path(folder), seeds[0]) as line:
        agree = play(line, seeds[0], again=False)
        for place, seed in enumerate(seeds[1:], 1):
            with stage.reseeded(line, seed):
                # After one seed of each way there are all the tables.
                agree &= play(line, seed, again=place >= len(stage.WAYS))
    return agree


def mutate(seed: int) -> bool:
    """Put each fault into the SQL; show as a table whether the questions noticed it."""
    with tempfile.TemporaryDirectory() as folder, stage.running(Path(folder), seed) as line:
        stage.prepare(line, seed, Random(seed))
        if not compare(line, seed, "depois das mudanças"):
            return False
        answers = asked(stage.books(line, seed))
        say("| no arquivo | o erro posto | perguntas que o notaram |\n|---|---|---|")
        missed = 0
        for mutation, questions in noticed(line, answers):
            name = mutation.path.rpartition("/")[2]
            say(f"| `{name}` | {mutation.told} | {'; '.join(questions) or '**nenhuma**'} |")
            missed += not questions
        return not missed


def main() -> None:
    """Read the options and play."""
    parser = argparse.ArgumentParser(prog="make controller")
    parser.add_argument("--seeds", type=int, default=1, help="quantas sementes")
    parser.add_argument("--first", type=int, default=1, help="a primeira semente")
    parser.add_argument("--mutations", action="store_true", help="põe erros de propósito no SQL")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    sys.exit(not (mutate(options.first) if options.mutations else play_all(seeds)))


if __name__ == "__main__":
    main()
