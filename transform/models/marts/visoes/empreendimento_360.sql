with vendas as (
    select
        codigo_empreendimento,
        count(*) filter (where venda_valida) as contratos_ativos,
        count(*) filter (where situacao = 'Cancelado') as contratos_cancelados,
        coalesce(sum(valor_contrato) filter (where venda_valida), 0) as valor_vendido,
        coalesce(sum(valor_comissao) filter (where venda_valida), 0) as valor_comissoes,
        coalesce(sum(valor_distrato), 0) as valor_distratos
    from {{ ref('fato_vendas') }}
    group by codigo_empreendimento
),

receber as (
    select
        codigo_empreendimento,
        sum(valor_recebido) as valor_recebido,
        sum(saldo) as saldo_receber,
        coalesce(sum(saldo) filter (where situacao = 'Vencida'), 0) as saldo_vencido
    from {{ ref('fato_parcelas_receber') }}
    where not documento_previsao
    group by codigo_empreendimento
),

obra as (
    select
        codigo_empreendimento,
        sum(valor_orcado) as valor_orcado,
        sum(valor_apropriado) as valor_apropriado,
        sum(valor_pago) as valor_pago
    from {{ ref('orcado_realizado') }}
    group by codigo_empreendimento
),

medido as (
    select codigo_empreendimento, sum(valor_medido) as valor_medido
    from {{ ref('medicoes') }}
    where situacao is distinct from 'Reprovada'
    group by codigo_empreendimento
),

pedidos as (
    select codigo_empreendimento, sum(valor_pedido) as valor_pedidos
    from {{ ref('compras') }}
    where etapa is distinct from 'Cancelado'
    group by codigo_empreendimento
)

select
    codigo_empreendimento,
    nome_comercial as nome_empreendimento,
    codigo_empresa,
    nome_empresa,
    coalesce(unidades, 0) as unidades,
    coalesce(disponiveis, 0) as unidades_disponiveis,
    coalesce(vendidas, 0) as unidades_vendidas,
    coalesce(valor_avaliado_disponivel, 0) as valor_avaliado_disponivel,
    coalesce(vendas_12_meses, 0) as vendas_12_meses,
    meses_de_estoque,
    coalesce(contratos_ativos, 0) as contratos_ativos,
    coalesce(contratos_cancelados, 0) as contratos_cancelados,
    coalesce(valor_vendido, 0) as valor_vendido,
    coalesce(valor_comissoes, 0) as valor_comissoes,
    coalesce(valor_distratos, 0) as valor_distratos,
    coalesce(valor_recebido, 0) as valor_recebido,
    coalesce(saldo_receber, 0) as saldo_receber,
    coalesce(saldo_vencido, 0) as saldo_vencido,
    coalesce(valor_orcado, 0) as valor_orcado,
    coalesce(valor_apropriado, 0) as valor_apropriado,
    coalesce(valor_pago, 0) as valor_pago_obra,
    coalesce(valor_medido, 0) as valor_medido,
    coalesce(valor_pedidos, 0) as valor_pedidos
from {{ ref('dim_empreendimento') }}
left join {{ ref('estoque_unidades') }} using (codigo_empreendimento)
left join vendas using (codigo_empreendimento)
left join receber using (codigo_empreendimento)
left join obra using (codigo_empreendimento)
left join medido using (codigo_empreendimento)
left join pedidos using (codigo_empreendimento)
