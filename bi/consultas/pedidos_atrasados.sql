-- Que pedidos de compra estão atrasados ou entregues só em parte, e de quem os cobro?
select
    numero_pedido_compra,
    data_pedido,
    codigo_obra,
    nome_credor as fornecedor,
    valor_total_pedido,
    situacao_pedido = 'PARTIALLY_DELIVERED' as entregue_em_parte,
    current_date - data_pedido as dias_desde_pedido
from staging.pedidos_compra
left join marts.dim_credor on codigo_fornecedor = codigo_credor
where situacao_pedido in ('PENDING', 'PARTIALLY_DELIVERED')
order by data_pedido
