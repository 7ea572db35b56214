-- De quem mais compramos por ano, em quantos pedidos?
select
    extract(year from data_pedido) as ano,
    codigo_credor,
    nome_credor as fornecedor,
    count(distinct numero_pedido) as pedidos,
    sum(valor_pedido) as valor_pedidos
from marts.compras
left join marts.dim_credor using (codigo_credor)
where numero_pedido is not null and etapa is distinct from 'Cancelado'
group by ano, codigo_credor, nome_credor
order by ano desc, valor_pedidos desc
