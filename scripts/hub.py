"""`make hub REPO=https://…/dono/nome`: the plugins' definitions in the form of Meltano Hub.

They are the project's own (``plugins/*/*.lock``), installed from PyPI instead of from this folder.
Written to ``dist/hub/_data/meltano``, from where they are copied into a pull request to the hub.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "dist" / "hub" / "_data" / "meltano"
PLUGINS = {
    "extractors/tap-sienge--original.lock": {
        "pip_url": "tap-sienge",
        "domain_url": "https://api.sienge.com.br/docs/",
        "keywords": ["api", "erp", "meltano_sdk", "construction", "brazil"],
        "logo_url": "/assets/logos/extractors/sienge.png",
    },
    "loaders/target-postgres--sienge.lock": {
        "pip_url": "target-postgres-sienge",
        "domain_url": "https://www.postgresql.org/docs/",
        "keywords": ["database", "meltano_sdk", "postgresql"],
        "logo_url": "/assets/logos/loaders/postgres.png",
    },
}
NOT_OF_THE_HUB = ("plugin_type",)


def definition(lock: str, repository: str) -> dict[str, Any]:
    """Give a plugin's definition; the variant is the owner of the repository, as in the hub."""
    found = json.loads((ROOT / "plugins" / lock).read_text(encoding="utf-8"))
    own = {name: value for name, value in found.items() if name not in NOT_OF_THE_HUB}
    return {
        **own,
        **PLUGINS[lock],
        "variant": urlsplit(repository).path.split("/")[1].lower(),
        "repo": repository,
        "maintenance_status": "active",
    }


def main() -> int:
    """Write both."""
    repository = sys.argv[1] if len(sys.argv) > 1 else ""
    if len(urlsplit(repository).path.split("/")) < 3:
        print("Diga o repositório: make hub REPO=https://github.com/dono/nome", file=sys.stderr)
        return 1
    for lock in PLUGINS:
        found = definition(lock, repository)
        file = TARGET / lock.split("/")[0] / found["name"] / f"{found['variant']}.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(found, allow_unicode=True), encoding="utf-8")
        print(file.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
