-- As partes somam o movimento ao centavo: cada uma é a diferença entre dois acumulados arredondados.
with movimentos as (
    select
        *,
        case tipo_movimentacao
            when 'Expense' then -abs(valor_movimentacao)
            when 'Income' then abs(valor_movimentacao)
            else valor_movimentacao
        end as valor
    from {{ ref('extratos_contas') }}
),

apropriacoes as (
    select
        codigo_movimentacao,
        ordem,
        codigo_centro_custo,
        codigo_plano_financeiro,
        coalesce(percentual_apropriado, 0) as percentual,
        sum(coalesce(percentual_apropriado, 0)) over (
            partition by codigo_movimentacao order by ordem
        ) as acumulado
    from {{ ref('extratos_contas_apropriacoes_financeiras') }}
),

apropriadas as (
    select
        codigo_movimentacao,
        ordem,
        codigo_centro_custo,
        codigo_plano_financeiro,
        percentual,
        round(valor * acumulado / 100, 2) - round(valor * (acumulado - percentual) / 100, 2) as parte
    from apropriacoes
    inner join movimentos using (codigo_movimentacao)
),

partes as (
    select * from apropriadas
    union all
    -- O que nenhuma apropriação explica fica em uma linha própria, sem centro de custo.
    select codigo_movimentacao, 0, null, null, 100 - coalesce(sum(percentual), 0), valor - coalesce(sum(parte), 0)
    from movimentos
    left join apropriadas using (codigo_movimentacao)
    group by codigo_movimentacao, valor
    having count(percentual) = 0 or valor <> sum(parte)
)

select
    codigo_movimentacao,
    ordem as ordem_apropriacao,
    codigo_empresa,
    codigo_conta_bancaria,
    data_movimentacao,
    data_conciliacao,
    case tipo_movimentacao
        when 'Income' then 'Entrada' when 'Expense' then 'Saída' else tipo_movimentacao
    end as tipo,
    codigo_centro_custo,
    codigo_plano_financeiro,
    percentual,
    parte as valor,
    numero_titulo,
    numero_parcela,
    sistema_origem,
    operacao_financeira,
    historico_movimentacao as historico,
    observacao_movimentacao as observacao
from partes
inner join movimentos using (codigo_movimentacao)
