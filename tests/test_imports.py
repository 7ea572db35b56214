"""No module of the loader imports, not even for its types, one that imports it.

Of the tap its own tests say the same, as they go with it wherever it is copied.
"""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter

from testing.pipeline import ROOT

LOADER = ROOT / "plugins" / "loaders" / "target-postgres-sienge" / "target_postgres_sienge"


def test_the_loader_s_imports_have_no_circle() -> None:
    modules = {
        f"{LOADER.name}.{path.stem}".removesuffix(".__init__"): path for path in LOADER.glob("*.py")
    }
    graph = {}
    for module, path in modules.items():
        nodes = [
            n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.ImportFrom)
        ]
        imported = [(str(n.module), f"{n.module}.{name.name}") for n in nodes for name in n.names]
        graph[module] = {name if name in modules else package for package, name in imported}
    order = list(TopologicalSorter(graph).static_order())
    assert order.index(f"{LOADER.name}.tables") < order.index(LOADER.name)
