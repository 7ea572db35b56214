-- Quanto se reteve de cada credor, em caução e em impostos?
select
    codigo_credor,
    nome_credor,
    coalesce(sum(valor_retido) filter (where tipo = 'Caução'), 0) as caucao,
    coalesce(sum(valor_retido) filter (where tipo = 'Imposto'), 0) as impostos,
    count(*) as retencoes
from marts.retencoes
left join marts.dim_credor using (codigo_credor)
group by codigo_credor, nome_credor
order by sum(valor_retido) desc
