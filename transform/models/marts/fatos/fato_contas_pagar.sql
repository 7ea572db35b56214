-- Uma resposta só: do BULK onde há linhas dele; senão, dos títulos e das parcelas de cada um, pelo REST.
with baixas as (
    {{ baixas_por_parcela('Pagar') }}
),

parcelas as (
    select
        codigo_empresa,
        numero_titulo,
        codigo_parcela,
        codigo_credor,
        codigo_documento,
        numero_documento,
        {{ previsao('indicador_documento_previsao', 'nome_documento') }} as documento_previsao,
        data_emissao,
        data_vencimento,
        data_competencia,
        valor_original_parcela as valor_original,
        valor_desconto,
        valor_imposto_retido,
        coalesce(valor_em_caixa, 0) as valor_pago,
        data_ultima_em_caixa as data_ultimo_pagamento,
        coalesce(valor_baixado_sem_caixa, 0) as valor_baixado_sem_caixa,
        tipo_baixa_sem_caixa,
        least(coalesce(valor_desfeito, 0), valor_original_parcela) as valor_desfeito,
        situacao_baixada,
        valor_saldo as saldo_bruto,
        coalesce(valor_saldo_corrigido, valor_saldo) as saldo_corrigido,
        situacao_autorizacao = 'S' as autorizada
    from {{ ref('parcelas_pagar') }}
    left join baixas using (codigo_empresa, numero_titulo, codigo_parcela)
    union all
    select
        codigo_empresa_devedora,
        numero_titulo,
        numero_parcela,
        codigo_credor,
        codigo_documento,
        numero_documento,
        {{ previsao('null', 'documentos.nome_documento') }},
        data_emissao,
        data_vencimento,
        data_competencia,
        valor_parcela,
        null,
        null,
        -- De uma parcela paga em parte, o REST não diz quanto.
        case situacao_parcela when 'Totalmente paga' then valor_parcela when 'Não paga' then 0 end,
        null,
        0,
        null,
        0,
        null,
        case situacao_parcela when 'Totalmente paga' then 0 when 'Não paga' then valor_parcela end,
        case situacao_parcela when 'Totalmente paga' then 0 when 'Não paga' then valor_parcela end,
        null
    from {{ ref('parcelas_titulos_pagar') }}
    left join {{ ref('titulos_pagar') }} using (numero_titulo)
    left join {{ ref('documentos') }} as documentos using (codigo_documento)
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
    valor_baixado_sem_caixa,
    tipo_baixa_sem_caixa,
    valor_desfeito,
    -- Como o Sienge o imprime: o imposto só sai da parcela toda em aberto.
    case
        when saldo_bruto > 0
            then
                saldo_corrigido
                - coalesce(valor_desconto, 0)
                - case when saldo_corrigido = valor_original then coalesce(valor_imposto_retido, 0) else 0 end
        else saldo_bruto
    end as saldo,
    saldo_bruto,
    saldo_corrigido,
    {{ situacao('saldo_bruto', 'data_vencimento', 'situacao_baixada') }} as situacao,
    {{ dias_atraso('saldo_bruto', 'data_vencimento') }} as dias_atraso,
    {{ faixa_atraso(dias_atraso('saldo_bruto', 'data_vencimento')) }} as faixa_atraso,
    autorizada
from parcelas
