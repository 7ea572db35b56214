with itens as (
    select
        codigo_documento,
        numero_contrato,
        codigo_obra,
        numero_medicao,
        count(*) as itens_medidos,
        sum(coalesce(valor_medido_mao_obra, 0) + coalesce(valor_medido_material, 0)) as valor_itens
    from {{ ref('itens_medicoes_contratos') }}
    group by codigo_documento, numero_contrato, codigo_obra, numero_medicao
),

titulos as (
    select codigo_documento, numero_contrato, codigo_obra, numero_medicao, min(numero_titulo) as numero_titulo
    from {{ ref('liberacoes_medicoes_contratos_titulos_gerados') }}
    group by codigo_documento, numero_contrato, codigo_obra, numero_medicao
),

contratos as (
    select
        codigo_documento,
        numero_contrato,
        codigo_empresa,
        objeto_contrato,
        coalesce(valor_total_mao_obra, 0) + coalesce(valor_total_material, 0) as valor_contrato
    from {{ ref('contratos_suprimentos') }}
),

medicoes as (
    select
        *,
        coalesce(total_medido_mao_obra, 0) + coalesce(total_medido_material, 0) as valor_medido
    from {{ ref('medicoes_contratos') }}
)

select
    codigo_documento,
    numero_contrato,
    codigo_obra as codigo_empreendimento,
    numero_medicao,
    codigo_empresa,
    codigo_fornecedor_contrato as codigo_credor,
    codigo_cliente_contrato as codigo_cliente,
    objeto_contrato,
    data_medicao,
    data_vencimento,
    case situacao_aprovacao
        when 'APPROVED' then 'Aprovada' when 'DISAPPROVED' then 'Reprovada' else situacao_aprovacao
    end as situacao,
    coalesce(medicao_autorizada, false) as autorizada,
    coalesce(medicao_liberada, false) as liberada,
    coalesce(medicao_finalizada, false) as finalizada,
    total_medido_mao_obra as valor_mao_obra,
    total_medido_material as valor_material,
    valor_medido,
    total_liquido_medicao as valor_liquido,
    valor_liberar_medicao as valor_liberar,
    itens_medidos,
    valor_itens,
    numero_titulo,
    valor_contrato,
    sum(valor_medido) filter (where situacao_aprovacao is distinct from 'DISAPPROVED') over (
        partition by codigo_documento, numero_contrato order by data_medicao, codigo_obra, numero_medicao
    ) as valor_acumulado_contrato
from medicoes
left join contratos using (codigo_documento, numero_contrato)
left join itens using (codigo_documento, numero_contrato, codigo_obra, numero_medicao)
left join titulos using (codigo_documento, numero_contrato, codigo_obra, numero_medicao)
