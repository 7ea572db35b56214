-- Que insumos somam quase todo o gasto, e quanto custaram na última compra?
select
    classe_abc,
    codigo_insumo,
    insumo,
    codigo_detalhe_insumo,
    valor_insumo,
    participacao_acumulada_percentual,
    preco_liquido as ultimo_preco,
    variacao_percentual,
    preco_tabela,
    nome_credor as ultimo_fornecedor
from marts.precos_insumos
left join marts.dim_credor using (codigo_credor)
where origem = 'Pedido' and ultimo_preco
order by valor_insumo desc, codigo_insumo
