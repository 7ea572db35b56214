-- Quais são os nossos números, ao todo, neste mês, no mês passado e em 12 meses?
with hoje as (
    select date_trunc('month', now() at time zone 'America/Sao_Paulo') as este_mes
)

select
    assunto,
    nome,
    unidade,
    coalesce(sum(valor), 0) as total,
    coalesce(sum(valor) filter (where mes = este_mes), 0) as neste_mes,
    coalesce(sum(valor) filter (where mes = este_mes - interval '1 month'), 0) as no_mes_passado,
    coalesce(
        sum(valor) filter (where mes > este_mes - interval '12 months' and mes <= este_mes), 0
    ) as em_12_meses,
    definicao
from marts.indicadores_definicoes
cross join hoje
left join marts.indicadores using (indicador)
group by assunto, nome, unidade, definicao
order by assunto, nome
