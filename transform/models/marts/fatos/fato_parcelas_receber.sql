with recebimentos as (
    select
        codigo_empresa,
        numero_titulo,
        codigo_parcela,
        sum(valor_liquido) as valor_recebido,
        max(data_pagamento) as data_ultimo_recebimento
    from {{ ref('parcelas_receber_recebimentos') }}
    group by codigo_empresa, numero_titulo, codigo_parcela
),

contratos as (
    select distinct on (codigo_empresa, titulo_receber)
        codigo_empresa,
        titulo_receber as numero_titulo,
        codigo_contrato_venda,
        codigo_empreendimento
    from {{ ref('contratos_venda') }}
    where titulo_receber is not null
    order by codigo_empresa, titulo_receber, codigo_contrato_venda desc
)

select
    codigo_empresa,
    numero_titulo,
    codigo_parcela,
    numero_parcela,
    codigo_cliente,
    codigo_contrato_venda,
    codigo_empreendimento,
    codigo_documento,
    coalesce(indicador_documento_previsao = 'S', false) as documento_previsao,
    data_emissao,
    data_vencimento,
    valor_original_parcela as valor_original,
    coalesce(valor_recebido, 0) as valor_recebido,
    data_ultimo_recebimento,
    valor_saldo as saldo,
    coalesce(valor_saldo_corrigido, valor_saldo) as saldo_corrigido,
    {{ situacao('valor_saldo', 'data_vencimento') }} as situacao,
    {{ dias_atraso('valor_saldo', 'data_vencimento') }} as dias_atraso,
    {{ faixa_atraso(dias_atraso('valor_saldo', 'data_vencimento')) }} as faixa_atraso,
    nome_indexador,
    coalesce(indicador_titulo_sub_judice = 'S', false) as sub_judice
from {{ ref('parcelas_receber') }}
left join recebimentos using (codigo_empresa, numero_titulo, codigo_parcela)
left join contratos using (codigo_empresa, numero_titulo)
