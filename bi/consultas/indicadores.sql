-- Quais são os nossos números, ao todo, neste mês, no mês passado e em 12 meses?
select
    assunto,
    nome,
    unidade,
    coalesce(sum(valor), 0) as total,
    coalesce(sum(valor) filter (where mes = date_trunc('month', current_date)), 0) as neste_mes,
    coalesce(
        sum(valor) filter (where mes = date_trunc('month', current_date) - interval '1 month'), 0
    ) as no_mes_passado,
    coalesce(
        sum(valor) filter (
            where mes > date_trunc('month', current_date) - interval '12 months'
            and mes <= date_trunc('month', current_date)
        ), 0
    ) as em_12_meses,
    definicao
from marts.indicadores_definicoes
left join marts.indicadores using (indicador)
group by assunto, nome, unidade, definicao
order by assunto, nome
