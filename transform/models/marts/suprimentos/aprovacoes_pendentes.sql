-- O que o filtro "não autorizado" do Sienge mostra, sem o que está cancelado, incompleto ou inconsistente.
with filas as (
    select
        'Pedido de compra' as tipo,
        numero_pedido_compra::text as documento,
        codigo_obra as codigo_empreendimento,
        codigo_fornecedor as codigo_credor,
        codigo_comprador as responsavel,
        data_pedido as data,
        valor_total_pedido as valor,
        coalesce(pedido_reprovado, false) as reprovado
    from {{ ref('pedidos_compra') }}
    where pedido_autorizado is false and situacao_pedido = 'PENDING' and consistencia_pedido = 'CONSISTENT'
    union all
    select
        'Item de solicitação',
        numero_solicitacao_compra || '/' || numero_item_solicitacao,
        codigo_obra,
        null,
        usuario_solicitante,
        data_solicitacao,
        round(quantidade * preco_estimado, 2),
        coalesce(item_reprovado, false)
    from {{ ref('itens_solicitacoes_compra') }}
    left join {{ ref('solicitacoes_compra') }} using (numero_solicitacao_compra)
    where
        item_autorizado is false
        and coalesce(situacao_solicitacao, 'PENDING') = 'PENDING'
        and coalesce(consistencia_solicitacao, 'CONSISTENT') = 'CONSISTENT'
    union all
    select
        'Contrato',
        codigo_documento || ' ' || numero_contrato,
        null,
        codigo_fornecedor,
        nome_responsavel,
        data_contrato,
        coalesce(valor_total_mao_obra, 0) + coalesce(valor_total_material, 0),
        coalesce(situacao_aprovacao = 'DISAPPROVED', false)
    from {{ ref('contratos_suprimentos') }}
    where contrato_autorizado is false and coalesce(contrato_consistente, true)
    union all
    select
        'Medição',
        codigo_documento || ' ' || numero_contrato || ', obra ' || codigo_obra || ', medição ' || numero_medicao,
        codigo_obra,
        codigo_fornecedor_contrato,
        nome_responsavel,
        data_medicao,
        coalesce(total_medido_mao_obra, 0) + coalesce(total_medido_material, 0),
        coalesce(situacao_aprovacao = 'DISAPPROVED', false)
    from {{ ref('medicoes_contratos') }}
    where medicao_autorizada is false and coalesce(medicao_consistente, true)
)

select
    tipo,
    documento,
    codigo_empreendimento,
    codigo_credor,
    responsavel,
    data,
    valor,
    case when reprovado then 'Reprovado' else 'A autorizar' end as situacao,
    {{ hoje() }} - data as dias_parado
from filas
