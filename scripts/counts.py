"""Write into README.md how much of the API is read: part of ``make docs``."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tap_sienge import reference
from tap_sienge.streams import STREAMS

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PLACE = re.compile(r"(?<=<!-- make docs -->\n).*(?=\n<!-- fim -->)")


def sentence() -> str:
    """Give it."""
    documented = json.loads((ROOT / "tests" / "documented.json").read_text("utf-8")).keys()
    read = {path for stream in STREAMS for path in reference.paths(stream)}
    more = len(read - documented)
    beside = f", com {more} que não está na documentação" if more == 1 else ""
    beside = f", com {more} que não estão na documentação" if more > 1 else beside
    return (
        f"O Sienge documenta {len(documented)} leituras; {len(read & documented)} chegam aqui"
        f"{beside}, em {len(STREAMS)} tabelas."
    )


if __name__ == "__main__":
    README.write_text(PLACE.sub(sentence(), README.read_text("utf-8")), encoding="utf-8")
