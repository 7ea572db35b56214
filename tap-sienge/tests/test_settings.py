"""Each bad setting ends the tap at once, with one sentence that names it, before any request."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tap_sienge.settings import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

SIENGE = {"api_url": "https://api.sienge.com.br/{subdomain}/public/api"}
GOOD = {
    "subdomain": "demo",
    "username": "u",
    "password": "uma-senha",
    "api_url": "http://127.0.0.1:9/x",
}


@pytest.mark.parametrize("mode", [(), ("--test",)])
@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        ({"subdomain": None}, "Falta a configuração subdomain"),
        ({"subdomain": ""}, "Falta a configuração subdomain"),
        ({"username": None}, "Falta a configuração username"),
        ({"password": None}, "Falta a configuração password"),
        ({"subdomain": "demo.sienge.com.br"}, "como minhaconstrutora"),
        ({"subdomain": "https://demo.sienge.com.br"}, "Configuração subdomain"),
        ({"api_url": "api.sienge.com.br"}, "Configuração api_url"),
        ({"api_url": "https://u:s@api.sienge.com.br"}, "sem usuário nem senha"),
        ({"personal_data": "esconder"}, "esperado keep, mask ou drop, mas veio 'esconder'"),
        ({"personal_data": "mask"}, "Falta a configuração personal_data_key: informe um segredo"),
        ({"personal_data": "drop"}, "Falta a configuração personal_data_key"),
        ({"personal_data_key": "curto"}, "Configuração personal_data_key: esperado um segredo"),
        ({"page_size": 500}, "Configuração page_size: esperado um número inteiro de 1 a 200"),
        ({"page_size": "muitos"}, "Configuração page_size"),
        ({"max_connections": 0}, "Configuração max_connections"),
        ({"requests_per_minute": 201} | SIENGE, "Configuração requests_per_minute"),
        ({"bulk_requests_per_minute": 21} | SIENGE, "Configuração bulk_requests_per_minute"),
        ({"request_timeout": 0}, "Configuração request_timeout"),
        ({"stream_maps": {"customers": 1}}, "Configuração stream_maps.customers: 1 is not"),
        ({"start_date": "31/01/2020"}, "AAAA-MM-DD"),
        ({"start_date": "2020-02-30"}, "Configuração start_date"),
        ({"start_date": "2020-W01-1"}, "Configuração start_date"),
        ({"start_date": "2020-01-31x"}, "Configuração start_date"),
        ({"start_date": "2090-01-01"}, "uma data até hoje"),
    ],
)
def test_one_sentence_names_the_setting(
    run_tap: Callable[..., Any], bad: dict[str, Any], expected: str, mode: tuple[str, ...]
) -> None:
    config = {k: v for k, v in (GOOD | bad).items() if v is not None}
    run = run_tap(config, *mode)
    said = [line for line in run.stderr.splitlines() if " INFO " not in line]
    assert run.code == 1
    assert len(said) == 1
    assert expected in said[0]
    assert run.messages == []


def test_a_bad_number_in_the_environment(run_tap: Callable[..., Any]) -> None:
    env = os.environ | {f"TAP_SIENGE_{k.upper()}": v for k, v in GOOD.items()}
    run = run_tap({}, "--config", "ENV", env=env | {"TAP_SIENGE_PAGE_SIZE": "muitos"})
    assert run.code == 1
    assert run.stderr.splitlines()[-1].startswith("Configuração page_size: esperado um número")


def test_a_bad_map_in_the_environment(run_tap: Callable[..., Any]) -> None:
    env = os.environ | {f"TAP_SIENGE_{k.upper()}": v for k, v in GOOD.items()}
    run = run_tap({}, "--config", "ENV", env=env | {"TAP_SIENGE_STREAM_MAPS": "["})
    assert run.code == 1
    assert "não é JSON válido" in run.stderr.splitlines()[-1]
    assert "Traceback" not in run.stderr


def test_an_empty_optional_setting_takes_its_default(run_tap: Callable[..., Any]) -> None:
    run = run_tap(GOOD | {"start_date": "", "user_agent": "", "max_retries": 0})
    assert "Não consegui falar com" in run.stderr  # the settings were accepted
    assert run.code == 1


def test_the_readme_tells_each_setting() -> None:
    readme = Path(__file__).parent.parent.joinpath("README.md").read_text(encoding="utf-8")
    names = re.findall(r"^\| (`.*?) \|", readme, re.MULTILINE)
    assert {name for cell in names for name in re.findall(r"`(\w+)`", cell)} == {*NAMES}
