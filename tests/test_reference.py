"""What is promised of the streams as a whole: coverage, reference, presets, size of the code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from sienge_panel import interface
from tap_sienge import reference
from tap_sienge.streams import DOMAINS, STREAMS, presets

from scripts import counts
from scripts import presets as presets_of

ROOT = Path(__file__).parent.parent
DOCUMENTED = json.loads(Path(__file__).with_name("documented.json").read_text("utf-8"))
"""Every GET operation of the vendor's specification 1.15.0."""
UNDOCUMENTED = {"/v1/resource-groups"}
"""What integrations read that the specification does not have."""


def test_every_documented_get_is_read_or_its_absence_explained() -> None:
    read = {path for stream in STREAMS for path in reference.paths(stream)} - UNDOCUMENTED
    assert len(DOCUMENTED) >= 207
    assert read | reference.NOT_READ.keys() == set(DOCUMENTED)
    assert not read & reference.NOT_READ.keys()
    assert len(read) >= 150
    text = (ROOT / "docs" / "recursos.md").read_text(encoding="utf-8")
    for path, reason in reference.NOT_READ.items():
        assert f"| `{path}` | {reason} |" in text


def test_the_reference_is_what_the_tap_says() -> None:
    text = (ROOT / "docs" / "recursos.md").read_text(encoding="utf-8")
    assert text == reference.document(), "run make docs"
    text = (ROOT / "panel" / "sienge_panel" / "tables.json").read_text(encoding="utf-8")
    assert text == reference.listing() + "\n", "run make docs"
    text = (ROOT / "panel" / "sienge_panel" / "columns.json").read_text(encoding="utf-8")
    assert text == reference.columns() + "\n", "run make docs"
    ours = (ROOT / "tap-sienge" / "tap_sienge" / "plans.json").read_bytes()
    assert (ROOT / "panel" / "sienge_panel" / "plans.json").read_bytes() == ours, "run make docs"


def test_the_readme_counts_what_is_read() -> None:
    assert counts.sentence() in counts.README.read_text("utf-8"), "run make docs"


def test_the_page_s_types_are_made_of_what_the_panel_answers() -> None:
    text = (ROOT / "panel" / "web" / "openapi.json").read_text(encoding="utf-8")
    assert json.loads(text) == interface.document(), "run make docs"
    scripts = json.loads((ROOT / "panel" / "web" / "package.json").read_text())["scripts"]
    assert "openapi.json" in scripts["schema"]
    assert "schema" in scripts["prebuild"]


@pytest.mark.parametrize("name", presets())
def test_meltano_s_presets_are_the_tap_s(name: str) -> None:
    project = yaml.safe_load((ROOT / "meltano.yml").read_text(encoding="utf-8"))
    plugins = {plugin["name"]: plugin for plugin in project["plugins"]["extractors"]}
    plugin = plugins["tap-sienge" if name == "padrao" else f"tap-sienge-{name}"]
    patterns = [f"{stream}.*" for stream in [*presets()[name], "rejected_rows", "sync_log"]]
    assert plugin["select"] == (["*.*"] if name == "tudo" else patterns)


def test_the_presets_are_written() -> None:
    text = presets_of.PROJECT.read_text(encoding="utf-8")
    assert presets_of.written(text) == text, "run make docs"
    assert presets_of.written(text.replace("    - bills.*\n", "")) == text
    assert presets_of.written(text.replace("    - units.*\n", "    - unidades.*\n")) == text


def test_domains_stay_small() -> None:
    for modules in DOMAINS.values():
        for module in modules:
            assert module.__file__
            lines = Path(module.__file__).read_text(encoding="utf-8").splitlines()
            assert len(lines) <= 310, module.__name__
