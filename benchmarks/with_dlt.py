"""The same work done with dlt, in the ways that its documentation recommends for speed.

Its ``rest_api`` source, whole pages, CSV files, merging by key. It runs in an environment of its
own (``benchmarks/bench.txt``). Nested values stay in one column, as with everybody else here.

Run ``python -m benchmarks.with_dlt paged|bulk URL DATABASE FOLDER``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import dlt
from dlt.sources.rest_api import rest_api_source

from benchmarks.windows import months

if TYPE_CHECKING:
    from collections.abc import Iterator


def windows() -> Iterator[list[dict[str, str]]]:
    """Give the periods to ask for."""
    yield [{"first": first, "last": last} for first, last in months()]


CUSTOMERS: dict[str, Any] = {
    "name": "customers",
    "primary_key": "id",
    "endpoint": {
        "path": "v1/customers",
        "data_selector": "results",
        "paginator": {
            "type": "offset",
            "limit": 20,
            "total_path": "resultSetMetadata.count",
        },
    },
}
INCOME: dict[str, Any] = {
    "name": "income",
    "primary_key": ["companyId", "billId", "installmentId"],
    "endpoint": {
        "path": "bulk-data/v1/income",
        "data_selector": "data",
        "paginator": "single_page",
        "params": {
            "startDate": "{resources.windows.first}",
            "endDate": "{resources.windows.last}",
        },
    },
}


def main(kind: str, url: str, database: str, folder: str) -> None:
    """Run the pipeline once."""
    periods = dlt.resource(windows, name="windows", selected=False)
    source = rest_api_source(
        {
            "client": {
                "base_url": url,
                "auth": {
                    "type": "http_basic",
                    "username": "construtora-demo-api",
                    "password": "senha-demo",
                },
            },
            "resource_defaults": {"write_disposition": "merge", "max_table_nesting": 0},
            "resources": [CUSTOMERS] if kind == "paged" else [periods, INCOME],
        }
    )
    pipeline = dlt.pipeline(
        pipeline_name=kind,
        pipelines_dir=folder,
        destination=dlt.destinations.postgres(database),
        dataset_name="dlt",
    )
    pipeline.run(source, loader_file_format="csv")


if __name__ == "__main__":
    main(*sys.argv[1:])
