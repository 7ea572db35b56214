-- Qual foi o resultado de cada conta do plano financeiro neste ano, por caixa e por competência?
select
    coalesce(codigo_nivel_1, 0) as codigo_nivel_1,
    coalesce(nome_nivel_1, 'Sem classificação') as nome_nivel_1,
    codigo_nivel_2,
    nome_nivel_2,
    codigo_plano_financeiro,
    nome_plano_financeiro,
    coalesce(sum(valor) filter (where regime = 'Caixa'), 0) as caixa,
    coalesce(sum(valor) filter (where regime = 'Competência'), 0) as competencia
from marts.dre
left join marts.dim_plano_financeiro using (codigo_plano_financeiro)
where extract(year from mes) = extract(year from now() at time zone 'America/Sao_Paulo')
group by 1, 2, 3, 4, 5, 6
order by 1, 3, 5
