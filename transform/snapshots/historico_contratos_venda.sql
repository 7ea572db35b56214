{% snapshot historico_contratos_venda %}
{{ config(unique_key='codigo_contrato_venda') }}
select
    codigo_contrato_venda,
    numero_contrato,
    codigo_empresa,
    codigo_empreendimento,
    codigo_cliente,
    codigo_unidade,
    situacao,
    venda_valida,
    valor_contrato,
    valor_pago,
    saldo_aberto,
    data_cancelamento,
    valor_distrato
from {{ ref('fato_vendas') }}
{% endsnapshot %}
