-- Quanto cada empreendimento tem vencido a receber, e há quanto tempo?
select
    codigo_empreendimento,
    coalesce(nome_empreendimento, 'Sem contrato de venda') as empreendimento,
    count(distinct codigo_cliente) as clientes,
    sum(de_1_a_30_dias) as de_1_a_30_dias,
    sum(de_31_a_60_dias) as de_31_a_60_dias,
    sum(de_61_a_90_dias) as de_61_a_90_dias,
    sum(de_91_a_180_dias) as de_91_a_180_dias,
    sum(de_181_a_360_dias) as de_181_a_360_dias,
    sum(mais_de_360_dias) as mais_de_360_dias,
    sum(saldo_vencido) as total
from marts.inadimplencia
left join marts.dim_empreendimento using (codigo_empreendimento)
group by codigo_empreendimento, nome_empreendimento
order by total desc
