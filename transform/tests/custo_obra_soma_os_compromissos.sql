-- O custo da obra soma, ao centavo, o orçado, o realizado e os compromissos de que é feito.
with partes as (
    select valor_orcado as orcado, valor_apropriado as realizado, 0 as medido, 0 as pedidos
    from {{ ref('orcado_realizado') }}
    union all
    select
        0, 0, case when tipo = 'Medição' then valor else 0 end,
        case when tipo = 'Pedido' and situacao = 'Autorizado' then valor else 0 end
    from {{ ref('compromissos_obra') }}
    union all
    select -valor_orcado, -valor_realizado, -valor_medido, -valor_pedidos_abertos from {{ ref('custo_obra') }}
)

select sum(orcado) as orcado, sum(realizado) as realizado, sum(medido) as medido, sum(pedidos) as pedidos
from partes
having sum(orcado) <> 0 or sum(realizado) <> 0 or sum(medido) <> 0 or sum(pedidos) <> 0
