-- Quanto já medimos de cada contrato de empreiteiro, e quanto falta medir?
select
    codigo_documento,
    numero_contrato,
    nome_credor as empreiteiro,
    objeto_contrato,
    count(*) as medicoes,
    max(data_medicao) as ultima_medicao,
    valor_contrato,
    sum(valor_medido) as valor_medido,
    valor_contrato - sum(valor_medido) as falta_medir
from marts.medicoes
left join marts.dim_credor using (codigo_credor)
where situacao is distinct from 'Reprovada'
group by codigo_documento, numero_contrato, nome_credor, objeto_contrato, valor_contrato
order by falta_medir desc
