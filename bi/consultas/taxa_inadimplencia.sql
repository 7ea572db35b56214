-- Do que venceu em cada um dos últimos 12 meses, quanto continua em aberto?
-- O que se cancelou ou trocou por outras parcelas não venceu.
with meses as (
    select primeiro - numero * interval '1 month' as mes
    from date_trunc('month', now() at time zone 'America/Sao_Paulo') as primeiro
    cross join generate_series(1, 12) as numero
)

select
    meses.mes::date as mes,
    coalesce(sum(valor_original - valor_desfeito), 0) as valor_vencido_no_mes,
    coalesce(sum(saldo), 0) as saldo_em_aberto,
    round(100 * sum(saldo) / nullif(sum(valor_original - valor_desfeito), 0), 1) as taxa_percentual
from meses
left join marts.fato_parcelas_receber
    on
        data_vencimento >= meses.mes and data_vencimento < meses.mes + interval '1 month'
        and not documento_previsao
group by meses.mes
order by meses.mes
