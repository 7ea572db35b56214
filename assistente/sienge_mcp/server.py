"""The tools, resources and prompts, as MCP has them."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Annotated, Any

import anyio.to_thread
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ResourceError, ToolError
from mcp.types import ToolAnnotations
from pydantic import Field, ValidationError

from sienge_mcp.arguments import sentence
from sienge_mcp.catalog import document, ready
from sienge_mcp.settings import RefusedError
from sienge_mcp.tools import NOTE, Tools

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from mcp.server.lowlevel.helper_types import ReadResourceContents
    from mcp.types import ContentBlock, GetPromptResult
    from pydantic import AnyUrl

    from sienge_mcp.settings import Settings

Answer = dict[str, Any]

INSTRUCTIONS = f"""\
Responde perguntas sobre os dados do Sienge, ERP de construtoras, copiados para um PostgreSQL.
Só lê; não pergunta nada ao Sienge e não tem dados pessoais (nomes, CPF, contatos): use os códigos.
1. Procure com procurar_tabelas, nas palavras da pergunta. Se uma consulta pronta responde, use
   consulta_pronta; se é um número acompanhado por mês, use indicador.
2. Se não, veja as colunas com colunas_da_tabela e escreva SQL do PostgreSQL para consultar. Prefira
   marts a staging. Nunca use select *: as colunas com dados pessoais são recusadas.
3. Ao responder, diga o período, a unidade, de quando são os dados (frescor) e se a resposta foi
   cortada.
{NOTE}
"""
READS = ToolAnnotations(
    readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False
)
PAGES = {
    "modelos": ("modelos.md", "Os modelos: o que cada um conta e como"),
    "estrela": ("estrela.md", "O esquema estrela: fatos e dimensões"),
    "visao-geral": ("visao_geral.md", "Os esquemas, em poucas linhas"),
}


class Server(FastMCP):
    """A server whose refusals are only what is said in Portuguese."""

    def __init__(self, tools: Tools, **options: Any) -> None:  # noqa: ANN401, passed on
        """Take what writes down the calls."""
        super().__init__("sienge", **options)
        self._tools = tools

    async def call_tool(
        self, name: str, arguments: dict[str, Any]
    ) -> Sequence[ContentBlock] | Answer:
        """Call a tool."""
        tool = self._tool_manager.get_tool(name)
        if tool is None:
            raise self._refused(name, arguments, f"Não há uma ferramenta {name}: veja a lista.")
        try:
            return await super().call_tool(name, arguments)
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):
                said = sentence(name, tool.parameters, error.__cause__)
                raise self._refused(name, arguments, said) from None
            said = str(error).removeprefix(f"Error executing tool {name}: ")
            raise ToolError(said) from None

    async def read_resource(self, uri: AnyUrl | str) -> Iterable[ReadResourceContents]:
        """Read a resource."""
        try:
            return await super().read_resource(uri)
        except (ValueError, ResourceError) as error:
            told = _told(error) or f"Não há um recurso {uri}: veja a lista."
            raise ResourceError(told) from None

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None
    ) -> GetPromptResult:
        """Give a prompt."""
        if self._prompt_manager.get_prompt(name) is None:
            raise ValueError(f"Não há uma pergunta pronta {name}: veja a lista.")
        return await super().get_prompt(name, arguments)

    def _refused(self, name: str, arguments: Answer, said: str) -> ToolError:
        """Write down a call that no tool could take."""
        self._tools.logged(caller(), name, arguments, said, 0)
        return ToolError(said)


def _told(error: BaseException | None) -> str | None:
    """Give our own sentence among what an error came from."""
    while error and not isinstance(error, ToolError):
        error = error.__context__
    return str(error) if error else None


def caller() -> str:
    """Give the name of the token that a call came with; ``local`` over stdio."""
    token = get_access_token()
    return token.client_id if token else "local"


def made(settings: Settings, **options: Any) -> FastMCP:  # noqa: ANN401, passed on
    """Give a server that answers from one database."""
    tools = Tools(settings)
    server = Server(tools, instructions=INSTRUCTIONS, log_level="WARNING", **options)

    async def answered(tool: str, do: Callable[..., Answer], /, **arguments: Any) -> Answer:  # noqa: ANN401
        who, begun = caller(), time.perf_counter()
        told = {name: given for name, given in arguments.items() if given not in (None, "", ())}

        def passed() -> float:
            return (time.perf_counter() - begun) * 1000

        try:
            answer = await anyio.to_thread.run_sync(lambda: do(**arguments))
        except RefusedError as error:
            tools.logged(who, tool, told, str(error), passed())
            raise ToolError(str(error)) from None
        except Exception as error:
            tools.logged(who, tool, told, type(error).__name__, passed())
            raise ToolError(
                "Houve um erro no servidor: veja o registro de quem o opera."
            ) from error
        tools.logged(who, tool, told, answer, passed())
        return answer

    add_tools(server, tools, answered)
    add_pages(server, tools, answered)
    return server


def add_tools(server: FastMCP, tools: Tools, answered: Callable[..., Awaitable[Answer]]) -> None:
    """Offer the tools."""

    @server.tool(title="Procurar tabelas", annotations=READS, structured_output=True)
    async def procurar_tabelas(
        texto: Annotated[
            str, Field(description="O que se procura, nas palavras da pergunta; vazio lista marts")
        ] = "",
        limite: Annotated[int, Field(ge=1, le=50)] = 10,
    ) -> Answer:
        """Acha tabelas e colunas pelo que significam, e consultas prontas que talvez respondam."""
        return await answered("procurar_tabelas", tools.tables, text=texto, limit=limite)

    @server.tool(title="Colunas da tabela", annotations=READS, structured_output=True)
    async def colunas_da_tabela(
        tabela: Annotated[str, Field(description="Como marts.fato_vendas")],
    ) -> Answer:
        """Diz o que é cada coluna de uma tabela, em que unidade, e de quando são os dados."""
        return await answered("colunas_da_tabela", tools.columns, name=tabela)

    @server.tool(title="Definições dos indicadores", annotations=READS, structured_output=True)
    async def definicoes_indicadores() -> Answer:
        """Diz o que cada indicador conta, em que unidade, e a data que o põe em um mês."""
        return await answered("definicoes_indicadores", tools.indicators)

    @server.tool(title="Indicador", annotations=READS, structured_output=True)
    async def indicador(
        nome: Annotated[str, Field(description="Como vendas_valor: veja definicoes_indicadores")],
        desde: Annotated[
            str | None,
            Field(description="Primeiro mês, como 2026-01", pattern=r"^\d{4}-\d\d(-\d\d)?$"),
        ] = None,
        ate: Annotated[
            str | None, Field(description="Último mês, inclusive", pattern=r"^\d{4}-\d\d(-\d\d)?$")
        ] = None,
        empresa: Annotated[str | None, Field(description="Código, ou parte do nome")] = None,
        empreendimento: Annotated[str | None, Field(description="Código, ou parte do nome")] = None,
        por: Annotated[
            list[str] | None, Field(description="Agrupar por: mes, empresa, empreendimento")
        ] = None,
    ) -> Answer:
        """Soma um indicador em um período, de uma empresa ou de um empreendimento."""
        return await answered(
            "indicador", tools.indicator, name=nome, since=desde, until=ate, company=empresa,
            development=empreendimento, by=por or (),
        )  # fmt: skip

    @server.tool(title="Consultas prontas", annotations=READS, structured_output=True)
    async def consultas_prontas() -> Answer:
        """Lista as consultas prontas, com a pergunta que cada uma responde."""
        return await answered(
            "consultas_prontas",
            lambda: {
                "consultas": [{"nome": n, "pergunta": q["pergunta"]} for n, q in ready().items()]
            },
        )

    @server.tool(title="Consulta pronta", annotations=READS, structured_output=True)
    async def consulta_pronta(
        nome: Annotated[str, Field(description="Como vendas_por_mes: veja consultas_prontas")],
        filtros: Annotated[
            dict[str, Any] | None,
            Field(description="Por coluna da resposta: um valor, ou [de, até]"),
        ] = None,
        limite: Annotated[int | None, Field(ge=1, description="Linhas, no máximo")] = None,
    ) -> Answer:
        """Responde uma consulta pronta e conferida, com filtros."""
        return await answered(
            "consulta_pronta", tools.ready, name=nome, filters=filtros, limit=limite
        )

    @server.tool(title="Consultar", annotations=READS, structured_output=True)
    async def consultar(
        sql: Annotated[str, Field(description="Um select do PostgreSQL sobre marts e staging")],
        limite: Annotated[int | None, Field(ge=1, description="Linhas, no máximo")] = None,
    ) -> Answer:
        """Roda uma consulta SQL que só lê, se não custar demais."""
        return await answered("consultar", tools.query, sql=sql, limit=limite)


def add_pages(server: FastMCP, tools: Tools, answered: Callable[..., Awaitable[Answer]]) -> None:
    """Offer the resources, and a prompt for each ready query."""

    def page(name: str, file: str, title: str) -> None:
        @server.resource(f"sienge://{name}", title=title, mime_type="text/markdown")
        def read() -> str:
            return document(file)

    for name, (file, title) in PAGES.items():
        page(name, file, title)

    @server.resource(
        "sienge://cobertura",
        title="O que cada modelo lê, e se chegou",
        mime_type="application/json",
    )
    async def cobertura() -> str:
        sql = (
            "select modelo, tabela, situacao, ultima_leitura_completa, motivo from marts.cobertura"
        )
        return json.dumps(await answered("cobertura", tools.query, sql=sql), ensure_ascii=False)

    @server.resource(
        "sienge://tabela/{nome}", title="As colunas de uma tabela", mime_type="application/json"
    )
    async def tabela(nome: str) -> str:
        return json.dumps(await answered("tabela", tools.columns, name=nome), ensure_ascii=False)

    def prompt(name: str, question: str) -> None:
        @server.prompt(name=name, title=question, description=question)
        def asked() -> str:
            return (
                f"{question}\nResponda com a ferramenta consulta_pronta (nome: {name}). Diga a "
                "unidade, de quando são os dados e se a resposta foi cortada."
            )

    for name, query in ready().items():
        prompt(name, query["pergunta"])
