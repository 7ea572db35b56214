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
)

select
    mes,
    sum(entradas) as entradas,
    sum(saidas) as saidas,
    sum(fluxo.saldo) as saldo_do_mes,
    hoje.saldo + sum(sum(fluxo.saldo)) over (order by mes) as saldo_acumulado
from marts.fluxo_caixa as fluxo
cross join hoje
where natureza = 'Previsto' and mes < date_trunc('month', now() at time zone 'America/Sao_Paulo') + interval '12 months'
group by mes, hoje.saldo
order by mes
