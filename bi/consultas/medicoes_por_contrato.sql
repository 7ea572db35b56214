-- Quanto já medimos de cada contrato de empreiteiro em cada obra?
select
    numero_contrato,
    nome_credor as empreiteiro,
    codigo_obra,
    count(*) as medicoes,
    sum(total_liquido_medicao) as valor_medido,
    sum(total_liquido_medicao) filter (where medicao_liberada) as valor_liberado,
    max(data_medicao) as ultima_medicao
from staging.medicoes_contratos
left join marts.dim_credor on codigo_fornecedor_contrato = codigo_credor
group by codigo_documento, numero_contrato, nome_credor, codigo_obra
order by valor_medido desc
