-- Quanto de cada obra está orçado, comprometido, medido e realizado, e quanto falta comprometer?
select
    codigo_empreendimento,
    nome_comercial as nome_empreendimento,
    sum(valor_orcado) as valor_orcado,
    sum(valor_comprometido) as valor_comprometido,
    sum(valor_medido) as valor_medido,
    sum(valor_realizado) as valor_realizado,
    sum(valor_a_comprometer) as valor_a_comprometer
from marts.custo_obra
left join marts.dim_empreendimento using (codigo_empreendimento)
group by codigo_empreendimento, nome_comercial
order by valor_orcado desc
