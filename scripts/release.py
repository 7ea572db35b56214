"""`make release VERSION=0.2.0`: one version for every package, the chart and the images.

Shows what would change. With ``DO=1`` it changes the files, commits and tags. Pushing the tag is a
step of its own, which publishes (.github/workflows/release.yml).
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = ROOT / "CHANGELOG.md"
PENDING = "## [Não publicado]\n"
VERSION = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")
PLACES = {
    "pyproject.toml": r'^version = "(.+)"$',
    "tap-sienge/pyproject.toml": r'^version = "(.+)"$',
    "simulator/pyproject.toml": r'^version = "(.+)"$',
    "panel/pyproject.toml": r'^version = "(.+)"$',
    "assistente/pyproject.toml": r'^version = "(.+)"$',
    "plugins/loaders/target-postgres-sienge/pyproject.toml": r'^version = "(.+)"$',
    "deploy/kubernetes/Chart.yaml": r'^(?:version|appVersion): "?([^"\n]+)"?$',
}
"""The files that name the version, and how."""


def versions() -> set[str]:
    """Give every version that a file names: one, unless somebody changed a file by hand."""
    return {
        found
        for file, pattern in PLACES.items()
        for found in re.findall(pattern, (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    }


def git(*arguments: str) -> str:
    """Run git; gives what it printed."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def problem(version: str) -> str:
    """Say why this version cannot be released, if it cannot."""
    if not VERSION.fullmatch(version):
        return "Diga a versão: make release VERSION=0.2.0"
    if git("tag", "--list", f"v{version}"):
        return f"A versão {version} já existe."
    if git("status", "--porcelain"):
        return "Há mudanças sem commit: termine-as antes."
    _, found, after = CHANGELOG.read_text(encoding="utf-8").partition(PENDING)
    if not found or not after.split("\n## ")[0].strip():
        return f"CHANGELOG.md não diz o que mudou: escreva-o em {PENDING[3:].strip()}."
    return ""


def changed(version: str) -> dict[Path, str]:
    """Give the new text of each file."""

    def replace(match: re.Match[str]) -> str:
        return match[0].replace(match[1], version)

    texts = {
        ROOT / file: re.sub(
            pattern, replace, (ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        for file, pattern in PLACES.items()
    }
    title = f"{PENDING}\n## [{version}] - {date.today():%Y-%m-%d}\n"
    texts[CHANGELOG] = CHANGELOG.read_text(encoding="utf-8").replace(PENDING, title, 1)
    return texts


def main() -> int:
    """Show, or do, what a release changes."""
    version, do = [*sys.argv[1:], "", ""][:2]
    if said := problem(version):
        print(said, file=sys.stderr)
        return 1
    texts = changed(version)
    print(f"De {', '.join(sorted(versions()))} para {version}:")
    for file in texts:
        print(f"  {file.relative_to(ROOT)}")
    if not do:
        print("Nada foi alterado. Para mudar os arquivos, fazer o commit e a tag, repita com DO=1.")
        return 0
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")
    git("commit", "--all", "--message", f"Release {version}")
    git("tag", "--annotate", f"v{version}", "--message", f"tap-sienge {version}")
    print(f"Feitos o commit e a tag v{version}. Para publicar: git push --follow-tags")
    return 0


if __name__ == "__main__":
    sys.exit(main())
