"""Gather the pages of the documentation site in ``.tools/docs``, for ``make site``.

The pages are the repository's own. The long reference is split by domain, and links are made to fit
the new places: a page, or what is no page, in the repository. A link to nothing is refused, here or
by ``mkdocs build --strict``.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / ".tools" / "docs"
REFERENCE = Path("docs/recursos.md")
PAGES = {
    "README.md": "index.md",
    "CHANGELOG.md": "mudancas.md",
    "CONTRIBUTING.md": "contribuir.md",
    "SECURITY.md": "seguranca.md",
    "panel/README.md": "painel.md",
    "tap-sienge/README.md": "en/tap.md",
    "simulator/README.md": "en/simulator.md",
    "plugins/loaders/target-postgres-sienge/README.md": "en/loader.md",
    "docs/recursos.md": "recursos/index.md",
}
PAGES |= {
    f"docs/{page.name}": page.name
    for page in (ROOT / "docs").glob("*.md")
    if page.name != REFERENCE.name
}
LINK = re.compile(
    r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?://|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)"
)


class LinkError(Exception):
    """A link leads nowhere."""


def relinked(text: str, source: Path, page: str, repository: str) -> str:
    """Make the links of a page, written for ``source``, fit its place in the site.

    Raises:
        LinkError: There is no such file.
    """
    here = Path(page).parent

    def new(match: re.Match[str]) -> str:
        mark, title, path, anchor = match[1], match[2], match[3], match[4] or ""
        file = Path(os.path.normpath(source.parent / path))
        if not (ROOT / file).exists():
            raise LinkError(f"{source}: {path} não existe")
        target = PAGES.get(str(file))
        if file.parts[:2] == ("docs", "imagens"):
            target = str(file.relative_to("docs"))
        if target:
            return f"{mark}[{title}]({os.path.relpath(target, here)}{anchor})"
        return f"[{title}]({repository}/blob/main/{file})" if repository else title

    return LINK.sub(new, text)


def parts(text: str) -> dict[str, str]:
    """Split the reference: a page for each heading of the second level."""
    first, *others = re.split(r"^(?=## (?!Predefinições))", text, flags=re.MULTILINE)
    pages = {"recursos/index.md": first}
    for part in others:
        name = part.splitlines()[0].removeprefix("## ").lower().replace(" ", "-")
        pages[f"recursos/{name}.md"] = re.sub(r"^#(#+ )", r"\1", part, flags=re.MULTILINE)
    return pages


def main() -> int:
    """Write every page; gives 1 if a link leads nowhere."""
    name = os.environ.get("GITHUB_REPOSITORY")
    repository = f"https://github.com/{name}" if name else ""
    shutil.rmtree(TARGET, ignore_errors=True)
    shutil.copytree(ROOT / "docs" / "imagens", TARGET / "imagens")
    try:
        for file, page in PAGES.items():
            text = (ROOT / file).read_text(encoding="utf-8")
            text = text.replace("<details>", '<details markdown="1">')
            pages = parts(text) if Path(file) == REFERENCE else {page: text}
            for place, content in pages.items():
                (TARGET / place).parent.mkdir(parents=True, exist_ok=True)
                ready = relinked(content, Path(file), place, repository)
                (TARGET / place).write_text(ready, encoding="utf-8")
    except LinkError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
