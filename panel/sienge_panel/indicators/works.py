"""What works were to cost, and cost."""

from __future__ import annotations

from sienge_panel.indicators.definition import WORKS, Indicator, Number, Part

COSTS = (
    Indicator(
        id="orcado_realizado",
        title="Orçado e realizado por obra",
        definition="Da última versão do orçamento, quanto já se apropriou em títulos, sem "
        "previsões. O orçado pede a leitura dos orçamentos (predefinição BULK ou Engenharia).",
        models=("orcado_realizado",),
        query="""
select
    coalesce(nome_unico, 'Empreendimento ' || codigo_empreendimento) as empreendimento,
    sum(valor_orcado) as orcado,
    sum(valor_apropriado) as realizado,
    round(100 * sum(valor_apropriado) / nullif(sum(valor_orcado), 0) - 100, 1) as desvio
from marts.orcado_realizado
left join marts.dim_empreendimento using (codigo_empreendimento)
where true{filters}
group by codigo_empreendimento, nome_unico
order by realizado desc, empreendimento""",
        columns=(
            WORKS,
            Part("orcado", "Orçado", "reais"),
            Part("realizado", "Realizado", "reais"),
            Part("desvio", "Desvio", "percentual"),
        ),
        chart="rows",
        drawn=("orcado", "realizado"),
        number=Number("Realizado do orçado", "percentual", ("realizado",), ("orcado",)),
    ),
)
