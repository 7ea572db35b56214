"""`sienge-panel serve | confere | ganchos | exec [--na-hora] -- comando… | chave | troca-chave`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet

from sienge_panel import credentials, passwords, schedule
from sienge_panel.bi import Reader
from sienge_panel.environment import for_child, for_round
from sienge_panel.problem import ProblemError
from sienge_panel.runner import ROUND, TRIGGER
from sienge_panel.settings import Settings
from sienge_panel.variables import keys
from sienge_panel.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import ASGIApp

USAGE = """sienge-panel serve                 abre o painel, com PANEL_PASSWORD e PANEL_KEY
sienge-panel confere               diz se o painel abriria com PANEL_PASSWORD e PANEL_KEY
sienge-panel ganchos               recebe os avisos do Sienge, em PANEL_HOOKS_PORT (3001)
sienge-panel exec -- comando…      roda o comando com as credenciais do Sienge no ambiente só dele
sienge-panel exec --na-hora -- …   o mesmo, mas na hora marcada no painel: rode-o a cada 5 minutos
sienge-panel chave                 sorteia uma chave para PANEL_KEY
sienge-panel troca-chave           cifra tudo de novo com a primeira chave de PANEL_KEY"""

CERTIFICATES = ("TAP_SIENGE_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""Variables that name the certificates to trust, the first that is set."""


def serve() -> int:
    """Open the panel until it is told to stop."""
    env = dict(os.environ)
    found, known = Settings.read(env), passwords.read(env)
    from sienge_panel.app import create  # only here, as `exec` runs often and must start fast

    trust(env)
    app = create(found, known, Reader.of(found))
    if found.origins and not found.proxies:
        print(
            "Aviso: PANEL_URL sem PANEL_PROXY: todos que vêm pelo proxy parecem um só, e as senhas "
            "erradas de um fazem os outros esperar; ponha em PANEL_PROXY o endereço do proxy.",
            file=sys.stderr,
        )
    listen(app, found, found.host, found.port)
    return 0


def receive() -> int:
    """Receive Sienge's events until told to stop."""
    found = Settings.read(os.environ)
    if found.hooks_port == found.port and found.hooks_host == found.host:
        raise ProblemError("PANEL_HOOKS_PORT: os ganchos precisam de outra porta que a do painel.")
    from sienge_panel.hooks.receiver import create

    listen(create(found), found, found.hooks_host, found.hooks_port)
    return 0


def listen(app: ASGIApp, found: Settings, host: str, port: int) -> None:
    """Serve an application; its paths, which may be secret, are never logged."""
    import uvicorn  # only here, as `exec` runs often and must start fast

    from sienge_panel.bounds import Protocol

    uvicorn.run(
        app,
        host=host,
        port=port,
        http=Protocol,
        ws="none",
        server_header=False,
        access_log=False,
        proxy_headers=bool(found.proxies),
        forwarded_allow_ips=list(found.proxies),
        timeout_graceful_shutdown=5,
    )


def trust(env: Mapping[str, str]) -> None:
    """Let alerts trust the certificates that the tap does, whichever of their ways they go."""
    if path := next(filter(None, map(env.get, CERTIFICATES)), None):
        os.environ |= dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), path)


def execute(command: Sequence[str], *, only_when_due: bool = False) -> int:
    """Become the command; without credentials, warn and do nothing."""
    found = Settings.read(os.environ)
    vault = Vault(found)
    trigger = schedule.due(found, vault) if only_when_due else None
    if trigger == "":
        return 0
    env = for_round(found, vault) if trigger == ROUND else for_child(found, vault)
    if trigger:
        env[TRIGGER] = trigger
    if not credentials.complete(env):
        print(
            "Aviso: nada a fazer, pois não há credenciais do Sienge. Informe-as no painel.",
            file=sys.stderr,
        )
        return 0
    try:
        os.execvpe(command[0], list(command), env)  # noqa: S606
    except OSError as error:
        raise ProblemError(f"Não consegui rodar {command[0]}: {error.strerror}.") from None


def rotate() -> int:
    """Encrypt all secrets anew."""
    print(f"{Vault(Settings.read(os.environ)).rotate()} segredos cifrados com a primeira chave.")
    return 0


def main() -> int:
    """Do what the first argument says."""
    try:
        match sys.argv[1:]:
            case ["serve"]:
                return serve()
            case ["ganchos"]:
                return receive()
            case ["confere"]:
                passwords.read(os.environ)
                keys(os.environ)
                return 0
            case ["exec", "--", *command] if command:
                return execute(command)
            case ["exec", "--na-hora", "--", *command] if command:
                return execute(command, only_when_due=True)
            case ["chave"]:
                print(Fernet.generate_key().decode())
                return 0
            case ["troca-chave"]:
                return rotate()
    except ProblemError as error:
        print(error, file=sys.stderr)
        return 1
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
