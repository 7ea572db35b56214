-- O orçado e o realizado vêm de um modelo, o comprometido de outro: um item pode estar em um só.
with partes as (
    select
        codigo_empreendimento,
        codigo_unidade_construtiva,
        codigo_item,
        valor_orcado,
        valor_apropriado,
        valor_pago,
        0 as contratado,
        0 as medido,
        0 as pedidos,
        0 as autorizar
    from {{ ref('orcado_realizado') }}
    union all
    select
        codigo_empreendimento,
        codigo_unidade_construtiva,
        codigo_item,
        0,
        0,
        0,
        -- De um contrato rescindido, só o que se mediu.
        case
            when tipo = 'Contrato' and situacao = 'Autorizado' then valor
            when tipo = 'Medição' and situacao = 'Rescindido' then valor
            else 0
        end,
        case when tipo = 'Medição' then valor else 0 end,
        case when tipo = 'Pedido' and situacao = 'Autorizado' then valor else 0 end,
        case when tipo <> 'Medição' and situacao = 'A autorizar' then valor else 0 end
    from {{ ref('compromissos_obra') }}
),

somas as (
    select
        codigo_empreendimento,
        codigo_unidade_construtiva,
        codigo_item,
        sum(valor_orcado) as valor_orcado,
        sum(contratado) as valor_contratado,
        sum(medido) as valor_medido,
        sum(pedidos) as valor_pedidos_abertos,
        sum(autorizar) as valor_a_autorizar,
        sum(valor_apropriado) as valor_realizado,
        sum(valor_pago) as valor_pago
    from partes
    group by codigo_empreendimento, codigo_unidade_construtiva, codigo_item
)

select
    codigo_empreendimento,
    codigo_unidade_construtiva,
    codigo_item,
    referencia,
    descricao,
    unidade_medida,
    somas.valor_orcado,
    valor_contratado,
    valor_medido,
    greatest(valor_contratado - valor_medido, 0) as saldo_contratos,
    valor_pedidos_abertos,
    valor_contratado + valor_pedidos_abertos as valor_comprometido,
    valor_realizado,
    somas.valor_pago,
    -- O medido e o entregue já estão no realizado.
    somas.valor_orcado - valor_realizado - greatest(valor_contratado - valor_medido, 0)
    - valor_pedidos_abertos as valor_a_comprometer,
    valor_a_autorizar
from somas
left join {{ ref('orcado_realizado') }} using (codigo_empreendimento, codigo_unidade_construtiva, codigo_item)
