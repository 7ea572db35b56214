"""`python -m deploy cria | situacao | sincroniza ARQUIVO …`: the tenants of a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from deploy.databases import create
from deploy.freshness import look, table
from deploy.run import run
from deploy.tenants import STEPS, File, ProblemError


def parser() -> argparse.ArgumentParser:
    """Give what reads the command line."""
    found = argparse.ArgumentParser("python -m deploy", description="As empresas de um arquivo.")
    commands = found.add_subparsers(dest="command", required=True)
    told = {
        "cria": "cria o banco, os papéis e os segredos de cada uma; pode ser repetido",
        "situacao": "mostra como estão os dados de cada uma; termina com 1 se um não está em dia",
        "sincroniza": "lê uma empresa, nesta máquina",
    }
    for name, text in told.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("file", type=Path, metavar="ARQUIVO", help="as empresas, em YAML")
        if name != "situacao":
            command.add_argument(
                "--segredos", type=Path, default=Path("segredos"), help="a pasta deles: %(default)s"
            )
        if name == "sincroniza":
            command.add_argument("tenant", metavar="EMPRESA", help="o subdomínio")
            command.add_argument("--so", choices=STEPS, help="só esta parte")
            command.add_argument(
                "--andamento", type=Path, default=Path("andamento"), help="pasta: %(default)s"
            )
    return found


def main() -> int:
    """Do what the first argument says."""
    given = parser().parse_args()
    try:
        file = File.read(given.file)
        if given.command == "cria":
            for line in create(file, given.segredos):
                print(line, flush=True)
        elif given.command == "situacao":
            rows = look(file)
            print(table(rows))
            return int(any(row.state != "em dia" for row in rows))
        else:
            return run(file, file.tenant(given.tenant), given.segredos, given.andamento, given.so)
    except ProblemError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
