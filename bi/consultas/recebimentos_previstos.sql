-- Quanto temos a receber de cada empreendimento neste mês e nos 11 seguintes?
select
    mes.primeiro_dia_mes as mes,
    coalesce(nome_empreendimento, 'Sem contrato de venda') as empreendimento,
    count(*) as parcelas,
    sum(saldo) as saldo,
    sum(saldo_corrigido) as saldo_corrigido
from marts.fato_parcelas_receber as parcelas
inner join marts.dim_data as mes on parcelas.data_vencimento = mes.data
left join marts.dim_empreendimento using (codigo_empreendimento)
where situacao = 'A vencer' and data_vencimento < date_trunc('month', current_date) + interval '12 months'
group by mes.primeiro_dia_mes, nome_empreendimento
order by mes, empreendimento
