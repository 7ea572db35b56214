-- Um indicador soma por mês, empresa e empreendimento. O que é de hoje, como o estoque, fica no mês de hoje.
with baixas as (
    select
        lado,
        caixa,
        data_baixa,
        valor_liquido,
        coalesce(baixas.codigo_empresa, parcelas.codigo_empresa) as codigo_empresa,
        codigo_empreendimento
    from {{ ref('fato_baixas') }} as baixas
    left join {{ ref('fato_parcelas_receber') }} as parcelas
        on
            lado = 'Receber'
            and baixas.numero_titulo = parcelas.numero_titulo
            and baixas.codigo_parcela = parcelas.codigo_parcela
            and coalesce(baixas.codigo_empresa, parcelas.codigo_empresa) is not distinct from parcelas.codigo_empresa
),

saldos as (
    select distinct on (codigo_empresa, numero_conta_corrente) codigo_empresa, saldo_conta
    from {{ ref('saldos_contas') }}
    where data_saldo <= {{ hoje() }}
    order by codigo_empresa, numero_conta_corrente, data_saldo desc
),

da_empresa as (
    select indicador, data_contrato as data, codigo_empresa, codigo_empreendimento, valor
    from {{ ref('fato_vendas') }}
    {{ partes(
        vendas_quantidade='1',
        vendas_valor='valor_contrato',
        vendas_permuta='valor_permuta',
        vendas_comissao='valor_comissao'
    ) }}
    where venda_valida
    union all
    select indicador, data_cancelamento, codigo_empresa, codigo_empreendimento, valor
    from {{ ref('fato_vendas') }}
    {{ partes(distratos_quantidade='1', distratos_valor='valor_distrato') }}
    where situacao = 'Cancelado'
    union all
    select
        case
            when lado = 'Pagar' and caixa then 'pago'
            when lado = 'Pagar' then 'pagar_baixado_sem_caixa'
            when caixa then 'recebido'
            else 'receber_baixado_sem_caixa'
        end,
        data_baixa, codigo_empresa, codigo_empreendimento, valor_liquido
    from baixas
    union all
    select indicador, data_vencimento, codigo_empresa, codigo_empreendimento, valor
    from {{ ref('fato_parcelas_receber') }}
    {{ partes(
        a_receber='saldo',
        vencido="case when situacao = 'Vencida' then saldo end",
        vencido_mais_90_dias="case when situacao = 'Vencida' and dias_atraso > 90 then saldo end",
        parcelas_vencidas="case when situacao = 'Vencida' then 1 end"
    ) }}
    where not documento_previsao
    union all
    select indicador, data_vencimento, codigo_empresa, codigo_empreendimento, valor
    from {{ ref('carteira_receber') }}
    {{ partes(carteira_valor_presente='valor_presente', carteira_provisao='valor_pdd') }}
    union all
    select indicador, data_vencimento, codigo_empresa, null, valor
    from {{ ref('fato_contas_pagar') }}
    {{ partes(
        a_pagar='saldo',
        a_pagar_vencido="case when situacao = 'Vencida' then saldo end",
        a_pagar_sem_autorizacao='case when not autorizada then saldo end'
    ) }}
    where not documento_previsao
    union all
    -- Pelo REST não se sabe o dia em que se pagou.
    select 'pago', data_vencimento, codigo_empresa, null, valor_pago
    from {{ ref('fato_contas_pagar') }}
    where data_ultimo_pagamento is null
    union all
    select
        case tipo when 'Entrada' then 'entradas' else 'saidas' end, data_movimentacao, codigo_empresa, null, abs(valor)
    from {{ ref('fato_extrato') }}
    where tipo in ('Entrada', 'Saída') and not entre_contas
    union all
    select 'saldo_bancos', {{ hoje() }}, codigo_empresa, null, saldo_conta from saldos
    union all
    select 'medido', data_medicao, codigo_empresa, codigo_empreendimento, valor_medido
    from {{ ref('medicoes') }}
    where situacao is distinct from 'Reprovada'
    union all
    select
        case regime when 'Caixa' then 'resultado_caixa' else 'resultado_competencia' end, mes, codigo_empresa,
        codigo_empreendimento, valor
    from {{ ref('dre') }}
),

da_obra as (
    select indicador, {{ hoje() }} as data, codigo_empreendimento, valor
    from {{ ref('estoque_unidades') }}
    {{ partes(
        unidades='unidades',
        unidades_disponiveis='disponiveis',
        unidades_vendidas='vendidas',
        estoque_valor='valor_avaliado_disponivel',
        vendas_12_meses='vendas_12_meses'
    ) }}
    union all
    select indicador, {{ hoje() }}, codigo_empreendimento, valor
    from {{ ref('custo_obra') }}
    {{ partes(
        obra_orcado='valor_orcado',
        obra_comprometido='valor_comprometido',
        obra_realizado='valor_realizado',
        obra_a_comprometer='valor_a_comprometer'
    ) }}
    union all
    select 'pedidos_valor', data_pedido, codigo_empreendimento, valor_pedido
    from {{ ref('compras') }}
    where numero_pedido is not null and etapa <> 'Cancelado'
    union all
    select 'compras_paradas', {{ hoje() }}, codigo_empreendimento, valor
    from {{ ref('suprimentos_funil') }}
    where aguarda is not null
    union all
    select indicador, data, codigo_empreendimento, partes.valor
    from {{ ref('aprovacoes_pendentes') }} as pendentes
    {{ partes(aprovacoes_quantidade='1', aprovacoes_valor='pendentes.valor') }}
    union all
    select 'comissoes_a_pagar', data_vencimento, codigo_empreendimento, valor_a_pagar
    from {{ ref('comissoes') }}
),

linhas as (
    select indicador, data, codigo_empresa, codigo_empreendimento, valor
    from da_empresa
    union all
    select indicador, data, codigo_empresa, codigo_empreendimento, valor
    from da_obra
    left join {{ ref('dim_empreendimento') }} using (codigo_empreendimento)
)

select
    indicador,
    date_trunc('month', data)::date as mes,
    codigo_empresa,
    codigo_empreendimento,
    sum(valor) as valor
from linhas
where valor <> 0
group by indicador, date_trunc('month', data), codigo_empresa, codigo_empreendimento
