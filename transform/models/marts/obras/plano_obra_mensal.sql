-- Uma resposta só: os desembolsos do BULK onde há; senão, as tarefas do planejamento, pelo REST.
with desembolsos as (
    select codigo_obra, ano_desembolso as ano, mes_desembolso as numero_mes, valor_desembolso as valor
    from {{ ref('itens_orcamento_obras_tarefas_planejamento_desembolsos') }}
    inner join {{ orcamento_vigente() }} as vigentes using (key)
    where mes_desembolso between 1 and 12 and ano_desembolso between 1 and 9999
),

planejados as (
    select * from desembolsos
    union all
    select codigo_obra, ano_execucao, mes_execucao, preco_total_tarefa * percentual_planejado / 100
    from {{ ref('tarefas_planejamento_obra_execucoes_planejadas_mes') }}
    inner join {{ ref('tarefas_planejamento_obra') }}
        using (codigo_obra, codigo_unidade_construtiva, codigo_interno_tarefa)
    where
        mes_execucao between 1 and 12
        and ano_execucao between 1 and 9999
        and tarefa_agrupadora is distinct from true
        and not exists (select 1 from desembolsos)
)

select
    codigo_obra as codigo_empreendimento,
    make_date(ano::int, numero_mes::int, 1) as mes,
    sum(valor) as valor
from planejados
where codigo_obra is not null
group by codigo_obra, ano, numero_mes
