-- Uma venda de vários clientes se divide entre eles pela participação; as partes somam a venda ao centavo.
with clientes as (
    select
        codigo_contrato_venda,
        codigo_cliente,
        bool_or(coalesce(cliente_principal, false)) as principal,
        greatest(sum(coalesce(participacao_cliente_percentual, 0)), 0) as participacao,
        min(ordem) as ordem
    from {{ ref('contratos_venda_clientes_contrato') }}
    where codigo_cliente is not null
    group by codigo_contrato_venda, codigo_cliente
),

contratos as (
    select codigo_contrato_venda, codigo_cliente as cliente_contrato, venda_valida, valor_contrato
    from {{ ref('fato_vendas') }}
),

-- Sem participações, a venda é do cliente em cujo nome está o contrato.
pesos as (
    select
        *,
        case
            when sum(participacao) over (partition by codigo_contrato_venda) > 0 then participacao
            when codigo_cliente = cliente_contrato then 100
            else 0
        end as peso
    from clientes
    inner join contratos using (codigo_contrato_venda)
),

acumulados as (
    select
        *,
        sum(peso) over (partition by codigo_contrato_venda order by ordem) as acumulado,
        sum(peso) over (partition by codigo_contrato_venda) as total
    from pesos
)

select
    codigo_contrato_venda,
    codigo_cliente,
    principal,
    venda_valida,
    round(100 * peso / nullif(total, 0), 4) as participacao_percentual,
    round(valor_contrato * acumulado / nullif(total, 0), 2)
    - round(valor_contrato * (acumulado - peso) / nullif(total, 0), 2) as valor_participacao
from acumulados
