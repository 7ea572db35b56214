"""Write into meltano.yml what each preset of the tap selects: part of ``make docs``."""

from __future__ import annotations

import re
from pathlib import Path

from tap_sienge.streams import presets

PROJECT = Path(__file__).resolve().parent.parent / "meltano.yml"
PLACE = re.compile(
    r"^(  - name: tap-sienge(?:-(\w+))?\b(?:(?!  - name:).*\n)*?    select:\n)((?:    - .*\n)+)",
    re.MULTILINE,
)
"""A plugin, up to its list; that of ``tudo`` is a pattern, which needs no change."""

CONTROL = ("rejected_rows", "sync_log")


def written(text: str) -> str:
    """Give the project with the lists as the tap has them."""

    def plugin(found: re.Match[str]) -> str:
        streams = [*presets()[found[2] or "padrao"], *CONTROL]
        return found[1] + "".join(f"    - {stream}.*\n" for stream in streams)

    return PLACE.sub(plugin, text)


if __name__ == "__main__":
    PROJECT.write_text(written(PROJECT.read_text("utf-8")), encoding="utf-8")
