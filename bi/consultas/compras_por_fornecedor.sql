-- De quem mais compramos por ano, em quantos pedidos?
select
    extract(year from data_pedido) as ano,
    codigo_fornecedor,
    nome_credor as fornecedor,
    count(*) as pedidos,
    sum(valor_total_pedido) as valor_pedidos
from staging.pedidos_compra
left join marts.dim_credor on codigo_fornecedor = codigo_credor
where situacao_pedido <> 'CANCELED'
group by ano, codigo_fornecedor, nome_credor
order by ano desc, valor_pedidos desc
