-- O que contratos, medições e pedidos em aberto dizem de cada item do orçamento.
with referencias as (
    select
        codigo_empreendimento as codigo_obra, codigo_unidade_construtiva as unidade, referencia,
        min(codigo_item) as codigo_item
    from {{ ref('orcado_realizado') }}
    where orcado
    group by codigo_empreendimento, codigo_unidade_construtiva, referencia
),

contratos as (
    select
        *,
        coalesce(valor_total_mao_obra, 0) + coalesce(valor_total_material, 0) as valor_contrato,
        case
            when situacao_contrato = 'RESCINDED' then 'Rescindido'
            when situacao_aprovacao = 'DISAPPROVED' then 'Reprovado'
            when contrato_autorizado then 'Autorizado'
            else 'A autorizar'
        end as situacao
    from {{ ref('contratos_suprimentos') }}
),

itens_contratos as (
    select
        *,
        round(quantidade_contratada * coalesce(preco_unitario_mao_obra, 0), 2)
        + round(quantidade_contratada * coalesce(preco_unitario_material, 0), 2) as valor
    from {{ ref('itens_contratos_suprimentos') }}
),

-- Quanto de um item de contrato vai para cada item do orçamento; a medição dele vai para os mesmos.
apropriados as (
    select
        codigo_documento, numero_contrato, codigo_obra, codigo_unidade_construtiva, codigo_item_contrato,
        coalesce(apropriacoes_obra_codigo_unidade_construtiva, codigo_unidade_construtiva) as unidade,
        codigo_item_orcamento::text as codigo_item, referencia_item_orcamento_edt as referencia, percentual_apropriado
    from {{ ref('itens_contratos_suprimentos_apropriacoes_obra') }}
),

apropriacoes as (
    select * from apropriados
    union all
    select
        codigo_documento, numero_contrato, codigo_obra, codigo_unidade_construtiva, codigo_item_contrato,
        min(codigo_unidade_construtiva), null, null, 100 - coalesce(sum(percentual_apropriado), 0)
    from itens_contratos
    left join apropriados
        using (codigo_documento, numero_contrato, codigo_obra, codigo_unidade_construtiva, codigo_item_contrato)
    group by codigo_documento, numero_contrato, codigo_obra, codigo_unidade_construtiva, codigo_item_contrato
    having coalesce(sum(percentual_apropriado), 0) <> 100
),

medicoes as (
    select *, codigo_empreendimento as codigo_obra
    from {{ ref('medicoes') }}
    where situacao is distinct from 'Reprovada'
),

medidos as (
    select itens.*, coalesce(valor_medido_mao_obra, 0) + coalesce(valor_medido_material, 0) as valor
    from {{ ref('itens_medicoes_contratos') }} as itens
    inner join medicoes using (codigo_documento, numero_contrato, codigo_obra, numero_medicao)
),

-- O que falta entregar de cada pedido; de um pedido sem os itens lidos, o pedido inteiro.
pedidos as (
    select
        compras.codigo_empreendimento, numero_pedido, item_pedido,
        case
            when compras.autorizado then 'Autorizado' when pedido_reprovado then 'Reprovado' else 'A autorizar'
        end as situacao,
        valor_pedido * (1 - least(coalesce(quantidade_entregue / nullif(quantidade_pedida, 0), 0), 1)) as valor
    from {{ ref('compras') }}
    inner join {{ ref('pedidos_compra') }} on numero_pedido = numero_pedido_compra
    where etapa in ('Pedido', 'Entregue em parte')
),

apropriacoes_pedidos as (
    select
        numero_pedido_compra as numero_pedido, numero_item_pedido as item_pedido,
        codigo_unidade_construtiva as unidade, referencia_item_orcamento as referencia, percentual_apropriado
    from {{ ref('apropriacoes_obra_pedidos') }}
    union all
    select numero_pedido, item_pedido, null, null, 100 - coalesce(sum(percentual_apropriado), 0)
    from pedidos
    left join {{ ref('apropriacoes_obra_pedidos') }}
        on numero_pedido = numero_pedido_compra and item_pedido = numero_item_pedido
    group by numero_pedido, item_pedido
    having coalesce(sum(percentual_apropriado), 0) <> 100
),

partes as (
    select
        'Contrato' as tipo, codigo_documento || ' ' || numero_contrato as documento, situacao, codigo_obra, unidade,
        codigo_item, referencia, valor * percentual_apropriado / 100 as valor
    from itens_contratos
    inner join contratos using (codigo_documento, numero_contrato)
    inner join apropriacoes
        using (codigo_documento, numero_contrato, codigo_obra, codigo_unidade_construtiva, codigo_item_contrato)
    union all
    -- Sem os itens, o contrato de uma obra só é dela; o de várias fica sem obra.
    select
        'Contrato', codigo_documento || ' ' || numero_contrato, situacao,
        case when count(*) = 1 then min(codigo_obra) end, null, null, null, valor_contrato
    from contratos
    left join {{ ref('contratos_suprimentos_obras_contrato') }} using (codigo_documento, numero_contrato)
    where (codigo_documento, numero_contrato) not in (select codigo_documento, numero_contrato from itens_contratos)
    group by codigo_documento, numero_contrato, situacao, valor_contrato
    union all
    select
        'Medição', codigo_documento || ' ' || numero_contrato || ', medição ' || numero_medicao, contratos.situacao,
        codigo_obra, coalesce(unidade, codigo_unidade_construtiva), codigo_item, referencia,
        valor * coalesce(percentual_apropriado, 100) / 100
    from medidos
    left join contratos using (codigo_documento, numero_contrato)
    left join apropriacoes
        using (codigo_documento, numero_contrato, codigo_obra, codigo_unidade_construtiva, codigo_item_contrato)
    union all
    select
        'Medição', codigo_documento || ' ' || numero_contrato || ', medição ' || numero_medicao, contratos.situacao,
        codigo_obra, null, null, null, valor_medido
    from medicoes
    left join contratos using (codigo_documento, numero_contrato)
    where itens_medidos is null
    union all
    select
        'Pedido', numero_pedido::text, situacao, codigo_empreendimento, unidade, null, referencia,
        valor * percentual_apropriado / 100
    from pedidos
    inner join apropriacoes_pedidos using (numero_pedido, item_pedido)
),

situadas as (
    select
        tipo, documento, situacao, codigo_obra, unidade, valor,
        coalesce(partes.codigo_item, referencias.codigo_item, partes.referencia, 'Sem item') as codigo_item
    from partes
    left join referencias using (codigo_obra, unidade, referencia)
)

select
    tipo, documento, situacao,
    codigo_obra as codigo_empreendimento,
    unidade as codigo_unidade_construtiva,
    codigo_item,
    round(sum(valor), 2) as valor
from situadas
group by tipo, documento, situacao, codigo_obra, unidade, codigo_item
