-- Quanto há em cada conta hoje, e quanto disso está conciliado?
select
    nome_empresa,
    nome_banco,
    numero_conta_corrente,
    nome_conta_corrente,
    data_saldo,
    saldo_conta,
    saldo_conciliado_conta
from staging.saldos_contas
left join staging.contas_correntes using (codigo_empresa, numero_conta_corrente)
where data_saldo = (select max(ultimos.data_saldo) from staging.saldos_contas as ultimos)
order by saldo_conta desc
