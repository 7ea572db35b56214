with clientes as (
    select distinct on (codigo_contrato_venda) codigo_contrato_venda, codigo_cliente
    from {{ ref('contratos_venda_clientes_contrato') }}
    order by codigo_contrato_venda, cliente_principal desc nulls last, ordem
),

unidades as (
    select distinct on (codigo_contrato_venda) codigo_contrato_venda, codigo_unidade
    from {{ ref('contratos_venda_unidades_contrato') }}
    order by codigo_contrato_venda, unidade_principal desc nulls last, ordem
),

corretores as (
    select distinct on (codigo_contrato_venda) codigo_contrato_venda, codigo_corretor
    from {{ ref('contratos_venda_corretores') }}
    order by codigo_contrato_venda, corretor_principal desc nulls last, ordem
),

comissoes as (
    select codigo_contrato_venda, sum(valor_comissao) as valor_comissao
    from {{ ref('comissoes_venda') }}
    group by codigo_contrato_venda
),

condicoes as (
    select
        codigo_contrato_venda,
        sum(quantidade_parcelas) as quantidade_parcelas,
        sum(valor_total_condicao) as valor_condicoes,
        sum(valor_pago) as valor_pago,
        sum(saldo_aberto) as saldo_aberto
    from {{ ref('contratos_venda_condicoes_pagamento') }}
    group by codigo_contrato_venda
)

select
    codigo_contrato_venda,
    numero_contrato,
    codigo_empresa,
    codigo_empreendimento,
    codigo_cliente,
    codigo_unidade,
    codigo_corretor,
    titulo_receber,
    data_contrato,
    data_emissao,
    previsao_entrega,
    data_entrega_chaves,
    case situacao_contrato
        when '0' then 'Solicitado'
        when '1' then 'Autorizado'
        when '2' then 'Emitido'
        when '3' then 'Cancelado'
        else situacao_contrato
    end as situacao,
    coalesce(situacao_contrato in ('1', '2'), false) as venda_valida,
    valor_contrato,
    valor_total_venda,
    percentual_desconto,
    quantidade_parcelas,
    valor_condicoes,
    valor_pago,
    saldo_aberto,
    coalesce(valor_total_comissoes, comissoes.valor_comissao) as valor_comissao,
    data_cancelamento,
    valor_total_distrato as valor_distrato,
    titulo_pagar_distrato as titulo_distrato,
    motivo_cancelamento
from {{ ref('contratos_venda') }}
left join clientes using (codigo_contrato_venda)
left join unidades using (codigo_contrato_venda)
left join corretores using (codigo_contrato_venda)
left join comissoes using (codigo_contrato_venda)
left join condicoes using (codigo_contrato_venda)
