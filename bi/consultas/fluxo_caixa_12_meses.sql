-- Quanto vai entrar e sair neste mês e nos 11 seguintes, e que saldo isso deixa nos bancos?
-- Parte do último saldo de cada conta; o que já venceu e não foi pago, e os documentos de previsão, ficam de fora.
with ultimos as (
    select distinct on (codigo_empresa, numero_conta_corrente) saldo_conta
    from staging.saldos_contas
    where data_saldo <= (now() at time zone 'America/Sao_Paulo')::date
    order by codigo_empresa, numero_conta_corrente, data_saldo desc
),

hoje as (
    select coalesce(sum(saldo_conta), 0) as saldo
    from ultimos
),

meses as (
    select primeiro + numero * interval '1 month' as mes
    from date_trunc('month', now() at time zone 'America/Sao_Paulo') as primeiro
    cross join generate_series(0, 11) as numero
)

select
    meses.mes::date as mes,
    coalesce(sum(entradas), 0) as entradas,
    coalesce(sum(saidas), 0) as saidas,
    coalesce(sum(fluxo.saldo), 0) as saldo_do_mes,
    hoje.saldo + sum(coalesce(sum(fluxo.saldo), 0)) over (order by meses.mes) as saldo_acumulado
from meses
cross join hoje
left join marts.fluxo_caixa as fluxo on meses.mes = fluxo.mes and natureza = 'Previsto'
group by meses.mes, hoje.saldo
order by meses.mes
