with pagamentos as (
    select
        codigo_empresa,
        numero_titulo,
        codigo_parcela,
        sum(valor_liquido) as valor_pago,
        max(data_pagamento) as data_ultimo_pagamento
    from {{ ref('parcelas_pagar_pagamentos') }}
    group by codigo_empresa, numero_titulo, codigo_parcela
)

select
    codigo_empresa,
    numero_titulo,
    codigo_parcela,
    codigo_credor,
    codigo_documento,
    numero_documento,
    coalesce(indicador_documento_previsao = 'S', false) as documento_previsao,
    data_emissao,
    data_vencimento,
    data_competencia,
    valor_original_parcela as valor_original,
    valor_desconto,
    valor_imposto_retido,
    coalesce(valor_pago, 0) as valor_pago,
    data_ultimo_pagamento,
    valor_saldo as saldo,
    coalesce(valor_saldo_corrigido, valor_saldo) as saldo_corrigido,
    {{ situacao('valor_saldo', 'data_vencimento') }} as situacao,
    {{ dias_atraso('valor_saldo', 'data_vencimento') }} as dias_atraso,
    {{ faixa_atraso(dias_atraso('valor_saldo', 'data_vencimento')) }} as faixa_atraso,
    situacao_autorizacao = 'S' as autorizada
from {{ ref('parcelas_pagar') }}
left join pagamentos using (codigo_empresa, numero_titulo, codigo_parcela)
