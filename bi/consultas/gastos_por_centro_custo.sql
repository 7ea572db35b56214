-- Quanto cada centro de custo gastou por mês, e em que conta do plano financeiro?
select
    mes.primeiro_dia_mes as mes,
    coalesce(nome_centro_custo, 'Sem centro de custo') as centro_custo,
    coalesce(nome_plano_financeiro, 'Sem plano financeiro') as plano_financeiro,
    -sum(valor) as gasto
from marts.fato_extrato as extrato
inner join marts.dim_data as mes on extrato.data_movimentacao = mes.data
left join marts.dim_centro_custo using (codigo_centro_custo)
left join marts.dim_plano_financeiro using (codigo_plano_financeiro)
where tipo = 'Saída'
group by mes.primeiro_dia_mes, nome_centro_custo, nome_plano_financeiro
order by mes desc, gasto desc
