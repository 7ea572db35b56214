-- Quanto vendemos por mês e empreendimento, e a que preço médio?
-- Contam os contratos autorizados e emitidos, no mês da data do contrato.
select
    date_trunc('month', data_contrato)::date as mes,
    codigo_empreendimento,
    nome_empreendimento,
    count(*) as contratos,
    sum(valor_contrato) as valor_vendido,
    round(avg(valor_contrato), 2) as valor_medio
from marts.fato_vendas
left join marts.dim_empreendimento using (codigo_empreendimento)
where venda_valida
group by mes, codigo_empreendimento, nome_empreendimento
order by mes desc, valor_vendido desc
