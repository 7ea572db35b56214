"""Faults put into the SQL on purpose: each of them must be noticed."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from testing.pipeline import ROOT
from tests.controller import stage
from tests.controller.check import disagreements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from testing.pipeline import Line
    from tests.controller.questions import Answer


@dataclass(frozen=True)
class Mutation:
    """A text in a file of ``transform``, what replaces it the first time, and what to call that."""

    path: str
    old: str
    new: str
    told: str
    models: str = ""

    @property
    def selection(self) -> str:
        """The models to build: those that the file is of, and all after them."""
        return f"{self.models or self.path.rpartition('/')[2].partition('.')[0]}+"


FACTS, MONEY, WORKS = "models/marts/fatos/", "models/marts/financeiro/", "models/marts/obras/"

MUTATIONS = (
    Mutation(
        "macros/codigos.sql", "when 'S' then -1", "when 'S' then 1",
        "um movimento S conta como entrada", "fato_extrato",
    ),
    Mutation(
        FACTS + "fato_extrato.sql", "round(valor * (acumulado - percentual) / 100, 2) as parte",
        "round(valor * (acumulado - percentual) / 100, 1) as parte",
        "o rateio do extrato arredonda outra vez",
    ),
    Mutation(
        FACTS + "fato_extrato.sql",
        "abs(valor_movimento) * {{ direcao('tipo_operacao') }} as valor",
        "valor_movimento as valor", "o movimento fica sem o sinal da sua direção",
    ),
    Mutation(
        FACTS + "fato_parcelas_receber.sql", "then saldo_corrigido - coalesce(valor_desconto, 0)",
        "then saldo_corrigido", "o saldo a receber não tira o desconto",
    ),
    Mutation(
        FACTS + "fato_parcelas_receber.sql",
        "inner join contratos using (codigo_empresa, codigo_cliente, nome_unidade)",
        "inner join contratos using (codigo_empresa, codigo_cliente, nome_unidade) where false",
        "o título de um contrato reemitido não o acha",
    ),
    Mutation(
        FACTS + "fato_contas_pagar.sql",
        "case when saldo_corrigido = valor_original then", "case when saldo_corrigido > 0 then",
        "o imposto sai também da parcela paga em parte",
    ),
    Mutation(
        "macros/negocio.sql", "when {{ vencimento }} < {{ hoje() }} then 'Vencida'",
        "when {{ vencimento }} <= {{ hoje() }} then 'Vencida'",
        "o que vence hoje já está vencido", "fato_parcelas_receber fato_contas_pagar",
    ),
    Mutation(
        FACTS + "inadimplencia.sql", "dias_atraso between 31 and 60",
        "dias_atraso between 31 and 90", "a faixa de 31 a 60 dias vai até 90",
    ),
    Mutation(
        FACTS + "inadimplencia.sql", " and not documento_previsao", "",
        "previsões contam na inadimplência",
    ),
    Mutation(
        FACTS + "fato_baixas.sql", "coalesce(estornadas.caixa, true)", "true",
        "todo estorno é dinheiro",
    ),
    Mutation(
        FACTS + "fato_baixas.sql", "sentido = 'caixa' and not permuta, false) as caixa",
        "sentido = 'caixa', false) as caixa", "o recebimento em permuta é dinheiro",
    ),
    Mutation(
        "seeds/tipos_baixa.csv", "11,Por Bens,sem caixa,sem caixa", "11,Por Bens,caixa,caixa",
        "pagamento em bens é dinheiro",
    ),
    Mutation(
        "macros/baixas.sql", "coalesce(sum(valor_liquido) filter (where caixa), 0)",
        "coalesce(sum(valor_bruto) filter (where caixa), 0)",
        "o recebido é o valor bruto", "fato_parcelas_receber fato_contas_pagar",
    ),
    Mutation(
        FACTS + "fato_vendas.sql", "situacao_contrato in ('1', '2')",
        "situacao_contrato in ('1', '2', '3')", "um contrato cancelado é venda",
    ),
    Mutation(
        FACTS + "fato_vendas.sql", "cliente_principal desc nulls last", "cliente_principal",
        "o cliente do contrato não é o principal",
    ),
    Mutation(
        FACTS + "fato_vendas.sql", "valor_total_distrato as valor_distrato",
        "valor_contrato as valor_distrato", "o distrato é o contrato inteiro",
    ),
    Mutation(
        FACTS + "estoque_unidades.sql", "interval '12 months'", "interval '18 months'",
        "o VSO conta 18 meses de vendas",
    ),
    Mutation(
        "macros/codigos.sql", "'A': 'Reservada'", "'A': 'Disponível'",
        "a unidade A está disponível", "dim_unidade",
    ),
    Mutation(
        FACTS + "compras.sql", "when situacao_pedido = 'CANCELED' then 'Cancelado'",
        "when situacao_pedido = 'CANCELLED' then 'Cancelado'",
        "o código de um pedido cancelado é outro",
    ),
    Mutation(
        FACTS + "orcado_realizado.sql", "(valor_original - valor_desfeito) *", "valor_original *",
        "títulos cancelados são custo",
    ),
    Mutation(
        FACTS + "orcado_realizado.sql", "{{ orcamento_vigente() }}",
        "{{ ref('itens_orcamento_obras') }}", "o orçado soma todas as versões",
    ),
    Mutation(
        WORKS + "custo_obra.sql", "when tipo = 'Medição' and situacao = 'Rescindido' then valor",
        "when tipo = 'Medição' and situacao = 'Rescindido' then 0",
        "de um contrato rescindido nada fica comprometido",
    ),
    Mutation(
        WORKS + "custo_obra_mensal.sql",
        "coalesce(data_competencia, data_emissao, data_vencimento) as data",
        "data_vencimento as data", "o custo é do mês do vencimento",
    ),
    Mutation(
        WORKS + "retencoes.sql",
        " and detalhes_medicoes_contratos.situacao_aprovacao is distinct from 'DISAPPROVED'", "",
        "a caução de medições reprovadas conta",
    ),
    Mutation(
        WORKS + "curva_s_obra.sql", "situacao_aprovacao = 'APROVADA' and ", "",
        "a medição da obra conta sem aprovação",
    ),
    Mutation(
        WORKS + "receita_poc.sql", "greatest(data_cancelamento, data_contrato), -1, valor_contrato",
        "greatest(data_cancelamento, data_contrato), 1, valor_contrato",
        "o distrato soma à venda",
    ),
    Mutation(
        MONEY + "dre.sql", "(numero_titulo is null and not entre_contas)",
        "(numero_titulo is null)", "transferências entre contas são resultado",
    ),
    Mutation(
        MONEY + "saldos_bancarios.sql", "saldo_lido - saldo_conciliado as saldo_a_conciliar",
        "saldo_conciliado - saldo_lido as saldo_a_conciliar",
        "o saldo a conciliar troca de sinal",
    ),
    Mutation(
        FACTS + "fluxo_caixa.sql",
        "case when documento_previsao then 'Previsão' when situacao = 'Vencida'",
        "case when situacao = 'Vencida'", "previsões a receber contam no fluxo previsto",
    ),
)  # fmt: skip


@contextmanager
def changed(folder: Path, mutation: Mutation) -> Iterator[None]:
    """Put the fault into a copy of ``transform``, for a while.

    Raises:
        ValueError: The text is not there any more.
    """
    path = folder / mutation.path
    right = path.read_text("utf-8")
    if mutation.old not in right:
        raise ValueError(f"{mutation.path}: {mutation.old}")
    path.write_text(right.replace(mutation.old, mutation.new, 1), "utf-8")
    try:
        yield
    finally:
        path.write_text(right, "utf-8")


def noticed(
    line: Line, answers: dict[str, list[Answer]], mutations: Sequence[Mutation] = MUTATIONS
) -> Iterator[tuple[Mutation, list[str]]]:
    """Build what is after each fault, in a copy of the database; give the questions that differ."""
    folder = line.project / "mutacoes" / "transform"
    shutil.copytree(ROOT / "transform", folder)
    for mutation in mutations:
        database = stage.copied(line, "mutada")
        models = mutation.selection.replace(" ", "+ ").split()
        with changed(folder, mutation):
            stage.build(line, *models, database="mutada", transform=folder)
        yield mutation, list(disagreements(answers, database))
