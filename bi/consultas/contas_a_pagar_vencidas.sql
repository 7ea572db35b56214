-- A que credores devemos contas vencidas, e há quanto tempo? Sem documentos de previsão.
select
    codigo_credor,
    nome_credor,
    count(*) as parcelas,
    sum(saldo) as saldo_vencido,
    sum(saldo) filter (where not autorizada) as ainda_sem_autorizacao,
    max(dias_atraso) as maior_atraso_dias
from marts.fato_contas_pagar
left join marts.dim_credor using (codigo_credor)
where situacao = 'Vencida' and not documento_previsao
group by codigo_credor, nome_credor
order by saldo_vencido desc
