with clientes as (
    select distinct on (codigo_contrato_venda) codigo_contrato_venda, codigo_cliente
    from {{ ref('contratos_venda_clientes_contrato') }}
    order by codigo_contrato_venda, cliente_principal desc nulls last, ordem
),

compradores as (
    select codigo_contrato_venda, count(distinct codigo_cliente) as quantidade_clientes
    from {{ ref('contratos_venda_clientes_contrato') }}
    group by codigo_contrato_venda
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
        coalesce(
            sum(valor_total_condicao) filter (where {{ permuta('codigo_tipo_condicao', 'nome_tipo_condicao') }}), 0
        ) as valor_permuta,
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
    coalesce(quantidade_clientes, 0) as quantidade_clientes,
    codigo_unidade,
    codigo_corretor,
    titulo_receber,
    data_contrato,
    data_emissao,
    previsao_entrega,
    data_entrega_chaves,
    {{ traduzida('situacao_contrato', situacoes_contrato()) }} as situacao,
    coalesce(situacao_contrato in ('1', '2'), false) as venda_valida,
    valor_contrato,
    valor_total_venda,
    percentual_desconto,
    quantidade_parcelas,
    valor_condicoes,
    coalesce(valor_permuta, 0) as valor_permuta,
    valor_contrato - coalesce(valor_permuta, 0) as valor_sem_permuta,
    valor_pago,
    saldo_aberto,
    coalesce(valor_total_comissoes, comissoes.valor_comissao) as valor_comissao,
    data_cancelamento,
    valor_total_distrato as valor_distrato,
    titulo_pagar_distrato as titulo_distrato,
    motivo_cancelamento
from {{ ref('contratos_venda') }}
left join clientes using (codigo_contrato_venda)
left join compradores using (codigo_contrato_venda)
left join unidades using (codigo_contrato_venda)
left join corretores using (codigo_contrato_venda)
left join comissoes using (codigo_contrato_venda)
left join condicoes using (codigo_contrato_venda)
