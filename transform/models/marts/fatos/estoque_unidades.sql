with unidades as (
    select
        codigo_empreendimento,
        count(*) as unidades,
        count(*) filter (where situacao = 'Disponível') as disponiveis,
        count(*) filter (where situacao = 'Vendida') as vendidas,
        count(*) filter (where situacao in ('Reservada', 'Reserva técnica', 'Proposta')) as reservadas,
        coalesce(sum(area_privativa) filter (where situacao = 'Disponível'), 0) as area_disponivel,
        coalesce(sum(valor_avaliado) filter (where situacao = 'Disponível'), 0) as valor_avaliado_disponivel
    from {{ ref('dim_unidade') }}
    group by codigo_empreendimento
),

vendas as (
    select
        codigo_empreendimento,
        count(*) as vendas_12_meses,
        sum(valor_contrato) as valor_vendas_12_meses
    from {{ ref('fato_vendas') }}
    where venda_valida and data_contrato > {{ hoje() }} - interval '12 months' and data_contrato <= {{ hoje() }}
    group by codigo_empreendimento
)

select
    codigo_empreendimento,
    unidades,
    disponiveis,
    vendidas,
    reservadas,
    unidades - disponiveis - vendidas - reservadas as outras,
    area_disponivel,
    valor_avaliado_disponivel,
    coalesce(vendas_12_meses, 0) as vendas_12_meses,
    coalesce(valor_vendas_12_meses, 0) as valor_vendas_12_meses,
    round(disponiveis * 12.0 / vendas_12_meses, 1) as meses_de_estoque
from unidades
left join vendas using (codigo_empreendimento)
