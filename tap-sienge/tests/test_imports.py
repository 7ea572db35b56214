"""No module of the tap imports, not even for its types, one that imports it."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import tap_sienge

ROOT = Path(tap_sienge.__file__).parent


def test_imports_have_no_circle() -> None:
    files = {path.relative_to(ROOT.parent).with_suffix(""): path for path in ROOT.rglob("*.py")}
    modules = {".".join(name.parts).removesuffix(".__init__"): path for name, path in files.items()}
    graph = {}
    for module, path in modules.items():
        nodes = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ImportFrom)]
        imported = [(str(n.module), f"{n.module}.{name.name}") for n in nodes for name in n.names]
        graph[module] = {name if name in modules else package for package, name in imported}
    order = list(TopologicalSorter(graph).static_order())
    assert order.index("tap_sienge.run") < order.index("tap_sienge.tap")
