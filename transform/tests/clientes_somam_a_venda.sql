-- As partes dos clientes de uma venda somam, ao centavo, o valor dela.
select codigo_contrato_venda, valor_contrato, sum(valor_participacao) as valor_participacoes
from {{ ref('vendas_clientes') }}
inner join {{ ref('fato_vendas') }} using (codigo_contrato_venda)
group by codigo_contrato_venda, valor_contrato
having sum(valor_participacao) <> round(valor_contrato, 2)
