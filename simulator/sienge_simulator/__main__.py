"""The command line of the simulator."""

from __future__ import annotations

import argparse
import json
import sys
from typing import NoReturn

from . import spec
from .limits import PLANS

SCALES = ("demo", "small", "large")


class Parser(argparse.ArgumentParser):
    """Refuses bad options with one sentence in Portuguese and exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Say it and leave."""
        print(f"Opção inválida: {message}.", file=sys.stderr)
        raise SystemExit(2)


def _natural(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' não é um número inteiro maior ou igual a zero")
    return int(text)


def _rows(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    return name, _natural(number)


def _one_of(*choices: str) -> object:
    def check(text: str) -> str:
        if text not in choices:
            raise argparse.ArgumentTypeError(f"'{text}' não é um destes: {', '.join(choices)}")
        return text

    return check


def _parser() -> Parser:
    parser = Parser(
        "sienge-simulator", description="Simulador da API do Sienge.", allow_abbrev=False
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=_natural, default=8000, help="0 escolhe uma porta livre")
    add("--seed", type=_natural, default=42, help="mesma semente, mesmos dados")
    add(
        "--scale",
        type=_one_of(*SCALES),  # type: ignore[arg-type]
        default="demo",
        help=" | ".join(SCALES),
    )
    add(
        "--rows",
        type=_rows,
        action="append",
        default=[],
        metavar="recurso=N",
        help="linhas de um recurso; pode repetir",
    )
    add(
        "--plan",
        type=_one_of(*PLANS),  # type: ignore[arg-type]
        default="infinity",
        help=" | ".join(PLANS),
    )
    add("--latency-ms", type=_natural, default=0, help="espera por requisição, em ms")
    add("--requests-per-minute", type=_natural, default=200)
    add("--bulk-per-minute", type=_natural, default=20)
    add(
        "--bulk-chunk-rows",
        type=_natural,
        default=0,
        help="linhas por parte de uma leitura bulk assíncrona, no máximo; 0: quantas couberem",
    )
    add(
        "--bulk-polls",
        type=_natural,
        default=1,
        help="consultas em que uma leitura assíncrona espera, e em que processa",
    )
    add("--subdomain", default="construtora-demo")
    add("--username", default="construtora-demo-api")
    add("--password", default="senha-demo")
    add("--no-quirks", action="store_true", help="respostas como documentadas")
    add("--dirty", action="store_true", help="campos e valores fora do documentado, aqui e ali")
    add(
        "--remember",
        type=_natural,
        default=0,
        help="guarda tantas respostas, para que medir não meça o cálculo delas",
    )
    add("--ready-file", help="arquivo que recebe a URL quando o simulador está pronto")
    add("--resources", help="pasta com mais descrições de recursos (*.yaml)")
    add("--describe", action="store_true", help="imprime os recursos e seus campos, e sai")
    return parser


def main() -> None:
    """Run the simulator."""
    parser = _parser()
    options = parser.parse_args()
    if options.describe:
        print(json.dumps(spec.describe(options.resources), indent=1, ensure_ascii=False))
        return
    from .api import Settings
    from .server import serve

    specs = spec.load(options.resources)
    rows = dict(options.rows)
    if unknown := rows.keys() - specs.keys():
        parser.error(f"o recurso '{min(unknown)}' não existe")
    counts = {name: rows.get(name, found.rows[options.scale]) for name, found in specs.items()}
    settings = Settings(
        options.subdomain,
        options.username,
        options.password,
        options.plan,
        options.requests_per_minute,
        options.bulk_per_minute,
        options.latency_ms,
        options.bulk_chunk_rows,
        options.bulk_polls,
        quirks=not options.no_quirks,
        dirty=options.dirty,
        remember=options.remember,
    )
    try:
        serve(options.host, options.port, options.seed, specs, counts, settings, options.ready_file)
    except (OSError, OverflowError) as error:
        parser.error(f"não foi possível escutar em {options.host}:{options.port} ({error})")


if __name__ == "__main__":
    main()
