"""Sixty bad weeks: faults, changes, quotas and kills at random, and the truth in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.soak import INGREDIENTS, play, report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SEEDS = range(60)


def test_every_table_ends_as_the_truth_whatever_happened(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    counted, failed = play(SEEDS, tmp_path)
    told = report(counted, failed)
    assert not failed, told
    assert not [name for name in INGREDIENTS if not counted[name]], told
    record_property("soak", told)
