-- Em que gastamos nos últimos 12 meses, e quanto a mais ou a menos que nos 12 anteriores?
with gastos as (
    select
        codigo_plano_financeiro,
        -valor as valor,
        (now() at time zone 'America/Sao_Paulo')::date as hoje,
        data_movimentacao
    from marts.fato_extrato
    where tipo = 'Saída' and not entre_contas
)

select
    codigo_plano_financeiro,
    coalesce(nome_plano_financeiro, 'Sem plano financeiro') as plano_financeiro,
    coalesce(sum(valor) filter (where data_movimentacao > hoje - interval '1 year'), 0) as gasto_12_meses,
    coalesce(sum(valor) filter (where data_movimentacao <= hoje - interval '1 year'), 0) as gasto_anterior
from gastos
left join marts.dim_plano_financeiro using (codigo_plano_financeiro)
where data_movimentacao > hoje - interval '2 years' and data_movimentacao <= hoje
group by codigo_plano_financeiro, nome_plano_financeiro
order by gasto_12_meses desc
