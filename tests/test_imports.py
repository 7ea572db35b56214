"""No module of the loader or the panel imports, not even for its types, one that imports it.

Of the tap its own tests say the same, as they go with it wherever it is copied.
"""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from testing.pipeline import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LOADER = ROOT / "plugins" / "loaders" / "target-postgres-sienge" / "target_postgres_sienge"
PANEL = ROOT / "panel" / "sienge_panel"


@pytest.mark.parametrize("package", [LOADER, PANEL], ids=lambda package: package.name)
def test_imports_have_no_circle(package: Path) -> None:
    files = {
        path.relative_to(package.parent).with_suffix(""): path for path in package.rglob("*.py")
    }
    modules = {".".join(name.parts).removesuffix(".__init__"): path for name, path in files.items()}
    graph = {}
    for module, path in modules.items():
        tree = ast.parse(path.read_text("utf-8"))
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        imported = [(str(n.module), f"{n.module}.{name.name}") for n in nodes for name in n.names]
        graph[module] = {name if name in modules else whole for whole, name in imported}
    assert {*TopologicalSorter(graph).static_order()} >= modules.keys()
