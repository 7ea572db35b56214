-- Quanto temos a receber de cada empreendimento neste mês e nos 11 seguintes?
select
    date_trunc('month', data_vencimento)::date as mes,
    codigo_empreendimento,
    coalesce(nome_empreendimento, 'Sem contrato de venda') as empreendimento,
    count(*) as parcelas,
    sum(saldo) as saldo,
    sum(saldo_corrigido) as saldo_corrigido
from marts.fato_parcelas_receber
left join marts.dim_empreendimento using (codigo_empreendimento)
where
    situacao = 'A vencer'
    and not documento_previsao
    and data_vencimento < date_trunc('month', now() at time zone 'America/Sao_Paulo') + interval '12 months'
group by mes, codigo_empreendimento, nome_empreendimento
order by mes, empreendimento
