-- Quanto vai entrar e sair neste mês e nos 11 seguintes, e que saldo isso deixa nos bancos?
-- Parte do saldo das contas de hoje; o que já venceu e não foi pago, e os documentos de previsão, ficam de fora.
with hoje as (
    select coalesce(sum(saldo_conta), 0) as saldo
    from staging.saldos_contas
    where data_saldo = (select max(ultimos.data_saldo) from staging.saldos_contas as ultimos)
)

select
    mes,
    sum(entradas) as entradas,
    sum(saidas) as saidas,
    sum(fluxo.saldo) as saldo_do_mes,
    hoje.saldo + sum(sum(fluxo.saldo)) over (order by mes) as saldo_acumulado
from marts.fluxo_caixa as fluxo
cross join hoje
where natureza = 'Previsto' and mes < date_trunc('month', current_date) + interval '12 months'
group by mes, hoje.saldo
order by mes
