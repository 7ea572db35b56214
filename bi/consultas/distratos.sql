-- Quanto perdemos com distratos por ano, e por que motivo?
select
    extract(year from data_cancelamento) as ano,
    motivo_cancelamento,
    count(*) as contratos,
    sum(valor_contrato) as valor_contratos,
    sum(valor_distrato) as valor_distratos
from marts.fato_vendas
where situacao = 'Cancelado'
group by ano, motivo_cancelamento
order by ano desc, contratos desc
