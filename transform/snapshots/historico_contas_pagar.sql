{% snapshot historico_contas_pagar %}
{{ config(unique_key=['codigo_empresa', 'numero_titulo', 'codigo_parcela']) }}
select
    codigo_empresa,
    numero_titulo,
    codigo_parcela,
    codigo_credor,
    documento_previsao,
    data_vencimento,
    valor_original,
    valor_pago,
    saldo
from {{ ref('fato_contas_pagar') }}
{% endsnapshot %}
