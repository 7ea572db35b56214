-- O imposto que a medição desconta está no título que ela gera: conta uma vez, no título.
-- De um título todo cancelado, ou trocado por outro, não se retém nada.
with desfeitos as (
    select numero_titulo
    from {{ ref('fato_contas_pagar') }}
    group by numero_titulo
    having sum(valor_desfeito) > 0 and sum(valor_original - valor_desfeito) = 0
),

impostos_parcelas as (
    select codigo_empresa, numero_titulo, sum(valor_imposto_retido) as valor_retido
    from {{ ref('parcelas_pagar') }}
    where not {{ previsao('indicador_documento_previsao', 'nome_documento') }}
    group by codigo_empresa, numero_titulo
    having sum(valor_imposto_retido) <> 0
),

titulos as (
    select numero_titulo, codigo_empresa_devedora, codigo_credor, data_emissao
    from {{ ref('titulos_pagar') }}
),

credores as (
    select
        codigo_empresa,
        numero_titulo,
        min(codigo_credor) as codigo_credor,
        min(data_emissao) as data_emissao
    from {{ ref('fato_contas_pagar') }}
    group by codigo_empresa, numero_titulo
),

retidas as (
    select
        'Caução' as tipo,
        codigo_documento
        || ' ' || numero_contrato || ', obra ' || codigo_obra || ', medição ' || numero_medicao as documento,
        null::bigint as codigo_imposto,
        codigo_empresa,
        codigo_obra as codigo_empreendimento,
        codigo_fornecedor as codigo_credor,
        detalhes_medicoes_contratos.data_medicao as data,
        total_medido as valor_base,
        round(valor_retido_caucao / nullif(total_medido, 0) * 100, 4) as aliquota_percentual,
        valor_retido_caucao as valor_retido,
        null::bigint as numero_titulo,
        numero_titulo_caucao as numero_titulo_guia
    from {{ ref('detalhes_medicoes_contratos') }}
    left join {{ ref('contratos_suprimentos') }} using (codigo_documento, numero_contrato)
    left join {{ ref('liberacoes_medicoes_contratos') }}
        using (codigo_documento, numero_contrato, codigo_obra, numero_medicao)
    where valor_retido_caucao <> 0 and detalhes_medicoes_contratos.situacao_aprovacao is distinct from 'DISAPPROVED'
    union all
    select
        'Imposto', 'Título ' || numero_titulo, codigo_imposto, codigo_empresa_devedora, null, codigo_credor,
        data_emissao, valor_base_incidencia, aliquota_imposto_percentual, valor_imposto, numero_titulo,
        numero_titulo_guia
    from {{ ref('impostos_titulos_pagar') }}
    left join titulos using (numero_titulo)
    where numero_titulo not in (select numero_titulo from desfeitos)
    union all
    -- Sem os impostos de cada título, a soma que as parcelas dele dizem.
    select
        'Imposto', 'Título ' || numero_titulo, null, codigo_empresa, null, codigo_credor, data_emissao, null, null,
        valor_retido, numero_titulo, null
    from impostos_parcelas
    left join credores using (codigo_empresa, numero_titulo)
    where
        not exists (select 1 from {{ ref('impostos_titulos_pagar') }})
        and numero_titulo not in (select numero_titulo from desfeitos)
)

select * from retidas
