-- Quanto cada centro de custo gastou por mês, e em que conta do plano financeiro?
select
    date_trunc('month', data_movimentacao)::date as mes,
    codigo_centro_custo,
    coalesce(nome_centro_custo, 'Sem centro de custo') as centro_custo,
    codigo_plano_financeiro,
    coalesce(nome_plano_financeiro, 'Sem plano financeiro') as plano_financeiro,
    -sum(valor) as gasto
from marts.fato_extrato
left join marts.dim_centro_custo using (codigo_centro_custo)
left join marts.dim_plano_financeiro using (codigo_plano_financeiro)
where tipo = 'Saída' and not entre_contas
group by mes, codigo_centro_custo, nome_centro_custo, codigo_plano_financeiro, nome_plano_financeiro
order by mes desc, gasto desc
