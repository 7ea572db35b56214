-- Do que venceu em cada um dos últimos 12 meses, quanto continua em aberto?
select
    date_trunc('month', data_vencimento)::date as mes,
    sum(valor_original) as valor_vencido_no_mes,
    sum(saldo) as saldo_em_aberto,
    round(100 * sum(saldo) / nullif(sum(valor_original), 0), 1) as taxa_percentual
from marts.fato_parcelas_receber
where
    not documento_previsao
    -- O que se cancelou ou trocou por outras parcelas não venceu.
    and situacao not in ('Cancelada', 'Substituída', 'Reparcelada', 'Distratada', 'Devolvida')
    and data_vencimento >= date_trunc('month', current_date) - interval '12 months'
    and data_vencimento < date_trunc('month', current_date)
group by mes
order by mes
