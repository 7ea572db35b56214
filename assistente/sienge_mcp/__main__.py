"""``sienge-mcp``: stdio by default; ``http`` for those with a token, which ``ficha`` makes."""

from __future__ import annotations

import argparse
import sys

from sienge_mcp.settings import RefusedError, Settings


def arguments() -> argparse.ArgumentParser:
    """Give the commands."""
    parser = argparse.ArgumentParser(
        prog="sienge-mcp", description="Um assistente pergunta aos dados do Sienge no PostgreSQL."
    )
    commands = parser.add_subparsers(dest="command", metavar="comando")
    commands.add_parser("stdio", help="conversa pela entrada e saída (padrão)")
    commands.add_parser("http", help="atende em http://ASSISTENTE_HOST:ASSISTENTE_PORT/mcp")
    token = commands.add_parser("ficha", help="as fichas (tokens) de quem entra por HTTP")
    token.add_argument("action", choices=["cria", "lista", "revoga"])
    token.add_argument("name", nargs="?", metavar="nome")
    return parser


def serve_http(settings: Settings) -> None:
    """Serve the streamable HTTP transport, for those who have a token."""
    import uvicorn
    from mcp.server.auth.middleware.auth_context import AuthContextMiddleware
    from mcp.server.auth.middleware.bearer_auth import BearerAuthBackend, RequireAuthMiddleware
    from mcp.server.transport_security import TransportSecuritySettings
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.authentication import AuthenticationMiddleware
    from starlette.responses import PlainTextResponse
    from starlette.routing import Mount, Route

    from sienge_mcp.server import made
    from sienge_mcp.tokens import Tokens

    tokens = Tokens(settings.tokens)
    if not tokens.read():
        print("Ainda não há fichas: crie uma com sienge-mcp ficha cria NOME.", file=sys.stderr)
    names = ["127.0.0.1", "localhost", "[::1]", *settings.hosts]
    allowed = [each for name in names for each in (name, f"{name}:*")]
    security = TransportSecuritySettings(
        allowed_hosts=allowed,
        allowed_origins=[f"{scheme}://{name}" for scheme in ("http", "https") for name in allowed],
    )
    server = made(settings, stateless_http=True, json_response=True, transport_security=security)
    inner = server.streamable_http_app()
    app = Starlette(
        routes=[
            Route("/healthz", lambda _: PlainTextResponse("ok")),
            Mount("/", RequireAuthMiddleware(AuthContextMiddleware(inner), required_scopes=[])),
        ],
        middleware=[Middleware(AuthenticationMiddleware, backend=BearerAuthBackend(tokens))],
        lifespan=lambda _: server.session_manager.run(),
    )
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning")


def manage(settings: Settings, action: str, name: str | None) -> None:
    """Make, list or revoke tokens.

    Raises:
        RefusedError: The name is missing or wrong.
    """
    from sienge_mcp.tokens import Tokens

    tokens = Tokens(settings.tokens)
    if action == "lista":
        for each, kept in tokens.read().items():
            print(f"{each}\t{kept['feita_em']}")
    elif not name:
        raise RefusedError(f"Diga o nome: sienge-mcp ficha {action} NOME.")
    elif action == "cria":
        print(tokens.make(name))
        print("Guarde-a agora: só o resumo dela fica aqui.", file=sys.stderr)
    else:
        tokens.revoke(name)


def main() -> int:
    """Run the command."""
    given = arguments().parse_args()
    try:
        settings = Settings.read(database=given.command != "ficha")
        if given.command == "http":
            serve_http(settings)
        elif given.command == "ficha":
            manage(settings, given.action, given.name)
        else:
            from sienge_mcp.server import made

            made(settings).run("stdio")
    except RefusedError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
