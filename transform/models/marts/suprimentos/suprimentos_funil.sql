-- Uma linha por item de pedido e por item de solicitação com quantidade sem pedido nem contrato.
with atendimentos as (
    select numero_solicitacao_compra, numero_item_solicitacao, quantidade_atendida
    from {{ ref('solicitacoes_atendidas_pedidos') }}
    union all
    select numero_solicitacao_compra, numero_item_solicitacao, quantidade_atendida
    from {{ ref('solicitacoes_atendidas_contratos') }}
),

atendidas as (
    select numero_solicitacao_compra, numero_item_solicitacao, sum(quantidade_atendida) as quantidade_atendida
    from atendimentos
    group by numero_solicitacao_compra, numero_item_solicitacao
),

solicitados as (
    select
        numero_solicitacao_compra as numero_solicitacao,
        numero_item_solicitacao as item_solicitacao,
        codigo_obra as codigo_empreendimento,
        codigo_insumo,
        descricao_insumo as insumo,
        simbolo_unidade_medida as unidade_medida,
        usuario_solicitante as solicitante,
        quantidade - coalesce(quantidade_atendida, 0) as quantidade,
        round((quantidade - coalesce(quantidade_atendida, 0)) * preco_estimado, 2) as valor,
        data_solicitacao,
        case
            when situacao_solicitacao = 'CANCELED' then 'Cancelado'
            when item_reprovado then 'Reprovado'
            -- Sem os vínculos com os pedidos não se sabe o que já foi comprado.
            when not exists (select 1 from {{ ref('solicitacoes_atendidas_pedidos') }}) then 'Solicitado'
            when solicitacao_rascunho or consistencia_solicitacao <> 'CONSISTENT' then 'Solicitação incompleta'
            when item_autorizado then 'A comprar'
            else 'Solicitação a autorizar'
        end as etapa
    from {{ ref('itens_solicitacoes_compra') }}
    left join {{ ref('solicitacoes_compra') }} using (numero_solicitacao_compra)
    left join atendidas using (numero_solicitacao_compra, numero_item_solicitacao)
    where
        quantidade > coalesce(quantidade_atendida, 0)
        and situacao_solicitacao is distinct from 'FULLY_ATTENDED'
),

pedidos as (
    select
        compras.*,
        data_hora_autorizacao::date as data_autorizacao,
        case
            when compras.etapa = 'Cancelado' then 'Cancelado'
            when compras.etapa = 'Entregue' and compras.numero_titulo is not null then 'Concluído'
            when compras.etapa in ('Entregue', 'Entregue em parte') then compras.etapa
            when pedido_reprovado then 'Reprovado'
            when compras.autorizado then 'A entregar'
            when consistencia_pedido = 'CONSISTENT' then 'Pedido a autorizar'
            else 'Pedido incompleto'
        end as etapa_funil
    from {{ ref('compras') }}
    inner join {{ ref('pedidos_compra') }} on numero_pedido = numero_pedido_compra
),

linhas as (
    select
        'Pedido ' || numero_pedido || '/' || item_pedido as chave,
        numero_solicitacao,
        item_solicitacao,
        numero_cotacao,
        numero_pedido,
        item_pedido,
        numero_nota_fiscal,
        numero_titulo,
        codigo_empreendimento,
        codigo_credor,
        codigo_insumo,
        insumo,
        unidade_medida,
        solicitante,
        comprador,
        quantidade_pedida as quantidade,
        coalesce(quantidade_entregue, 0) as quantidade_entregue,
        valor_pedido as valor,
        coalesce(valor_faturado, 0) as valor_faturado,
        data_solicitacao,
        data_cotacao,
        data_pedido,
        data_autorizacao,
        previsao_entrega,
        ultima_entrega as data_entrega,
        etapa_funil as etapa
    from pedidos
    union all
    select
        'Solicitação ' || numero_solicitacao || '/' || item_solicitacao, numero_solicitacao, item_solicitacao, null,
        null, null, null, null, codigo_empreendimento, null, codigo_insumo, insumo, unidade_medida, solicitante, null,
        quantidade, 0, valor, 0, data_solicitacao, null, null, null, null, null, etapa
    from solicitados
),

esperas as (
    select
        *,
        case
            when etapa in ('Solicitação a autorizar', 'Pedido a autorizar') then 'Autorizador'
            when etapa = 'Solicitação incompleta' then 'Solicitante'
            when etapa in ('A comprar', 'Pedido incompleto') then 'Comprador'
            when etapa in ('A entregar', 'Entregue em parte') then 'Fornecedor'
            when etapa = 'Entregue' then 'Contas a pagar'
        end as aguarda
    from linhas
)

select
    esperas.*,
    case aguarda
        when 'Solicitante' then solicitante when 'Comprador' then comprador when 'Fornecedor' then nome_credor
    end as aguarda_quem,
    case
        when aguarda is not null
            then {{ hoje() }} - coalesce(data_entrega, data_autorizacao, data_pedido, data_solicitacao)
    end as dias_aguardando,
    data_pedido - data_solicitacao as dias_ate_pedido,
    data_autorizacao - data_pedido as dias_ate_autorizacao,
    data_entrega - data_pedido as dias_ate_entrega,
    data_entrega - data_solicitacao as dias_da_solicitacao_a_entrega,
    case
        when etapa in ('A entregar', 'Entregue em parte') then greatest({{ hoje() }} - previsao_entrega, 0)
        when etapa in ('Entregue', 'Concluído') then greatest(data_entrega - previsao_entrega, 0)
    end as dias_atraso_entrega
from esperas
left join {{ ref('dim_credor') }} using (codigo_credor)
