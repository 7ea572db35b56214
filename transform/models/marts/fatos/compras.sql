-- Da solicitação à nota: uma linha por item de pedido e por item de solicitação ainda sem pedido.
-- Onde os itens dos pedidos não são lidos, uma linha por pedido.
with solicitados as (
    select itens.*, codigo_obra, data_solicitacao, usuario_solicitante, situacao_solicitacao
    from {{ ref('itens_solicitacoes_compra') }} as itens
    left join {{ ref('solicitacoes_compra') }} using (numero_solicitacao_compra)
),

origens as (
    select
        numero_pedido_compra,
        numero_item_pedido,
        min(numero_solicitacao_compra) as numero_solicitacao,
        min(data_solicitacao) as data_solicitacao,
        min(usuario_solicitante) as solicitante,
        sum(quantidade_atendida) as quantidade_solicitada
    from {{ ref('solicitacoes_atendidas_pedidos') }}
    left join solicitados using (numero_solicitacao_compra, numero_item_solicitacao)
    group by numero_pedido_compra, numero_item_pedido
),

cotacoes as (
    select
        numero_pedido_compra,
        numero_item_pedido,
        min(numero_cotacao) as numero_cotacao,
        min(data_cotacao) as data_cotacao,
        count(distinct codigo_fornecedor) as fornecedores_cotados
    from {{ ref('itens_pedidos_compra_cotacoes_vinculadas') }}
    left join {{ ref('cotacoes_precos') }} using (numero_cotacao)
    left join {{ ref('cotacoes_precos_fornecedores_cotacao') }} using (numero_cotacao)
    group by numero_pedido_compra, numero_item_pedido
),

previsoes as (
    select numero_pedido_compra, numero_item_pedido, max(data_programada) as previsao_entrega
    from {{ ref('programacoes_entrega_pedidos') }}
    group by numero_pedido_compra, numero_item_pedido
),

entregas as (
    select
        numero_pedido_compra,
        numero_item_pedido_compra as numero_item_pedido,
        max(data_entrega) as ultima_entrega,
        sum(entregas.quantidade_entregue) as quantidade_entregue,
        round(sum(entregas.quantidade_entregue * preco_liquido), 2) as valor_faturado,
        max(numero_nota_fiscal) as numero_nota_fiscal,
        max(numero_titulo) as numero_titulo
    from {{ ref('entregas_atendidas_notas_fiscais') }} as entregas
    left join {{ ref('itens_notas_fiscais_compra') }} using (numero_sequencial_nota_fiscal, numero_item_nota_fiscal)
    left join {{ ref('notas_fiscais_compra') }} using (numero_sequencial_nota_fiscal)
    group by numero_pedido_compra, numero_item_pedido_compra
),

-- O valor do pedido se divide entre os itens, ao centavo: cada parte é a diferença entre dois acumulados.
avaliados as (
    select *, round(quantidade * preco_liquido, 2) as valor_item
    from {{ ref('itens_pedidos_compra') }}
),

itens as (
    select
        *,
        sum(valor_item) over (partition by numero_pedido_compra) as soma,
        sum(valor_item) over (partition by numero_pedido_compra order by numero_item_pedido) as acumulado
    from avaliados
),

pedidos as (
    select
        numero_pedido_compra as numero_pedido,
        coalesce(numero_item_pedido, 0) as item_pedido,
        numero_solicitacao,
        null::bigint as item_solicitacao,
        pedidos.codigo_obra as codigo_empreendimento,
        codigo_fornecedor as codigo_credor,
        codigo_comprador as comprador,
        solicitante,
        codigo_insumo,
        coalesce(descricao_insumo, 'Pedido inteiro') as insumo,
        unidade_medida,
        data_solicitacao,
        numero_cotacao,
        data_cotacao,
        fornecedores_cotados,
        data_pedido,
        pedido_autorizado as autorizado,
        previsao_entrega,
        ultima_entrega,
        quantidade_solicitada,
        quantidade as quantidade_pedida,
        quantidade_entregue,
        valor_item,
        case
            when soma > 0
                then
                    round(valor_total_pedido * acumulado / soma, 2)
                    - round(valor_total_pedido * (acumulado - valor_item) / soma, 2)
            when numero_item_pedido is null then valor_total_pedido
            else valor_item
        end as valor_pedido,
        valor_faturado,
        numero_nota_fiscal,
        numero_titulo,
        case
            when situacao_pedido = 'CANCELED' then 'Cancelado'
            when situacao_pedido = 'FULLY_DELIVERED' then 'Entregue'
            when situacao_pedido = 'PARTIALLY_DELIVERED' then 'Entregue em parte'
            when situacao_pedido = 'PENDING' then 'Pedido'
            else situacao_pedido
        end as etapa
    from {{ ref('pedidos_compra') }} as pedidos
    left join itens using (numero_pedido_compra)
    left join origens using (numero_pedido_compra, numero_item_pedido)
    left join cotacoes using (numero_pedido_compra, numero_item_pedido)
    left join previsoes using (numero_pedido_compra, numero_item_pedido)
    left join entregas using (numero_pedido_compra, numero_item_pedido)
)

select * from pedidos
union all
select
    null, null, numero_solicitacao_compra, numero_item_solicitacao, codigo_obra, null, null, usuario_solicitante,
    codigo_insumo, descricao_insumo, simbolo_unidade_medida, data_solicitacao, null, null, null, null, item_autorizado,
    null, null, quantidade, null, null, null, null, null, null, null,
    case
        when situacao_solicitacao = 'CANCELED' then 'Cancelado'
        when item_reprovado then 'Reprovado'
        else 'Solicitado'
    end
from solicitados
left join {{ ref('solicitacoes_atendidas_pedidos') }} as atendidas
    using (numero_solicitacao_compra, numero_item_solicitacao)
where atendidas.numero_pedido_compra is null
