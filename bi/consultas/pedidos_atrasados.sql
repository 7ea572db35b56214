-- Que pedidos de compra ainda não chegaram por inteiro, há quanto tempo, e de quem os cobro?
select
    numero_pedido,
    data_pedido,
    nome_empreendimento as obra,
    nome_credor as fornecedor,
    etapa,
    min(previsao_entrega) as previsao_entrega,
    sum(valor_pedido) as valor_pedido,
    (now() at time zone 'America/Sao_Paulo')::date - data_pedido as dias_desde_pedido
from marts.compras
left join marts.dim_credor using (codigo_credor)
left join marts.dim_empreendimento using (codigo_empreendimento)
where etapa in ('Pedido', 'Entregue em parte')
group by numero_pedido, data_pedido, nome_empreendimento, nome_credor, etapa
order by data_pedido
