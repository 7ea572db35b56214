-- Uma resposta só: do BULK onde há linhas dele; senão, dos títulos e das parcelas de cada um, pelo REST.
with pagamentos as (
    select
        codigo_empresa,
        numero_titulo,
        codigo_parcela,
        sum(valor_liquido) as valor_pago,
        max(data_pagamento) as data_ultimo_pagamento
    from {{ ref('parcelas_pagar_pagamentos') }}
    group by codigo_empresa, numero_titulo, codigo_parcela
),

parcelas as (
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
        valor_saldo_corrigido as saldo_corrigido,
        situacao_autorizacao = 'S' as autorizada
    from {{ ref('parcelas_pagar') }}
    left join pagamentos using (codigo_empresa, numero_titulo, codigo_parcela)
    union all
    select
        codigo_empresa_devedora,
        numero_titulo,
        numero_parcela,
        codigo_credor,
        codigo_documento,
        numero_documento,
        false,
        data_emissao,
        data_vencimento,
        data_competencia,
        valor_parcela,
        null,
        null,
        -- De uma parcela paga em parte, o REST não diz quanto.
        case situacao_parcela when 'Totalmente paga' then valor_parcela when 'Não paga' then 0 end,
        null,
        case situacao_parcela when 'Totalmente paga' then 0 when 'Não paga' then valor_parcela end,
        null,
        null
    from {{ ref('parcelas_titulos_pagar') }}
    left join {{ ref('titulos_pagar') }} using (numero_titulo)
    where not exists (select 1 from {{ ref('parcelas_pagar') }})
)

select
    codigo_empresa,
    numero_titulo,
    codigo_parcela,
    codigo_credor,
    codigo_documento,
    numero_documento,
    documento_previsao,
    data_emissao,
    data_vencimento,
    data_competencia,
    valor_original,
    valor_desconto,
    valor_imposto_retido,
    valor_pago,
    data_ultimo_pagamento,
    saldo,
    coalesce(saldo_corrigido, saldo) as saldo_corrigido,
    {{ situacao('saldo', 'data_vencimento') }} as situacao,
    {{ dias_atraso('saldo', 'data_vencimento') }} as dias_atraso,
    {{ faixa_atraso(dias_atraso('saldo', 'data_vencimento')) }} as faixa_atraso,
    autorizada
from parcelas
