-- Do que venceu em cada um dos últimos 12 meses, quanto continua em aberto?
select
    mes.primeiro_dia_mes as mes,
    sum(valor_original) as valor_vencido_no_mes,
    sum(saldo) as saldo_em_aberto,
    round(100 * sum(saldo) / nullif(sum(valor_original), 0), 1) as taxa_percentual
from marts.fato_parcelas_receber as parcelas
inner join marts.dim_data as mes on parcelas.data_vencimento = mes.data
where
    not documento_previsao
    and data_vencimento >= date_trunc('month', current_date) - interval '12 months'
    and data_vencimento < date_trunc('month', current_date)
group by mes.primeiro_dia_mes
order by mes
