"""One panel on what the indicators read, for all tests of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

for module in ("asking", "indicators", "pages", "tables"):
    pytest.register_assert_rewrite(f"tests.panel_data.{module}")

from sienge_simulator import testing  # noqa: E402

from testing.pipeline import FEWER, running_line  # noqa: E402
from tests.panel import Panel, running_panel  # noqa: E402
from tests.panel_data.asking import execute  # noqa: E402
from tests.test_panel_page import chromium, open_page  # noqa: E402, F401, fixtures
from tests.test_transform import build, selection  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

READ = (
    *("companies", "enterprises", "customers", "customer_types", "creditors", "units", "bills"),
    *("sales_contracts", "bulk_income", "bulk_outcome", "accounts_statements"),
    *("accounts_balances", "bulk_building_cost_estimation_items"),
)
QUICK = ("--exclude-resource-type", "test", "unit_test", "exposure")
WHISPER = "fale com maria@exemplo.com.br ou (11) 91234-5678, CPF 123.456.789-09"
FORMULAS = ("=1+1", "@SUM(A1)", "+55", "-2+3", "\t=1")


@pytest.fixture(scope="package")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """Land and build what the indicators read; one panel for all tests here."""
    folder = tmp_path_factory.mktemp("dados")
    with running_line(folder, *FEWER) as line:
        line.run(TAP_SIENGE__SELECT=selection(*READ))
        execute(
            line.database,
            f"update sienge.bills set notes = '{WHISPER}' where id = 1",
            *(
                f"update sienge.creditors set state_registration_number = '{text}' where id = {n}"
                for n, text in enumerate(FORMULAS, 1)
            ),
            "alter table sienge.customers add column apelido text default 'só nosso'",
        )
        build(line, "path:seeds", "path:empresa", "path:models", *QUICK)
        (line.project / "transform").unlink()  # a run builds no more
        with running_panel(line, folder / "painel.log") as started:
            given = {"subdomain": line.simulator.config["subdomain"]}
            given |= dict(zip(("username", "password"), testing.USER, strict=True))
            assert started.browser().ask("PUT", "/api/credentials", json=given).ok
            yield started


@pytest.fixture
def shown(panel: Panel) -> Iterator[None]:
    """Let personal data be seen."""
    visitor = panel.browser()
    assert visitor.ask("PUT", "/api/personal", json={"shown": True}).json() == {"shown": True}
    yield
    assert visitor.ask("PUT", "/api/personal", json={"shown": False}).json() == {"shown": False}
