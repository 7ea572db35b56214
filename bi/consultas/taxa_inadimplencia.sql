-- Do que venceu em cada um dos últimos 12 meses, quanto continua em aberto?
-- O que se cancelou ou trocou por outras parcelas não venceu.
select
    date_trunc('month', data_vencimento)::date as mes,
    sum(valor_original - valor_desfeito) as valor_vencido_no_mes,
    sum(saldo) as saldo_em_aberto,
    round(100 * sum(saldo) / nullif(sum(valor_original - valor_desfeito), 0), 1) as taxa_percentual
from marts.fato_parcelas_receber
where
    not documento_previsao
    and data_vencimento >= date_trunc('month', now() at time zone 'America/Sao_Paulo') - interval '12 months'
    and data_vencimento < date_trunc('month', now() at time zone 'America/Sao_Paulo')
group by mes
order by mes
