-- Quanto há em cada conta hoje, e quanto disso está conciliado?
-- Vale o último saldo que o Sienge disse de cada conta: de algumas ele não diz um todo dia.
with ultimos as (
    select distinct on (codigo_empresa, numero_conta_corrente)
        codigo_empresa,
        numero_conta_corrente,
        data_saldo,
        saldo_conta,
        saldo_conciliado_conta
    from staging.saldos_contas
    where data_saldo <= (now() at time zone 'America/Sao_Paulo')::date
    order by codigo_empresa, numero_conta_corrente, data_saldo desc
)

select
    nome_empresa,
    nome_banco,
    numero_conta_corrente,
    nome_conta_corrente,
    data_saldo,
    saldo_conta,
    saldo_conciliado_conta
from ultimos
left join staging.contas_correntes using (codigo_empresa, numero_conta_corrente)
order by saldo_conta desc nulls last
