-- O que temos a pagar nos próximos 30 dias, a quem, e já está autorizado?
select
    data_vencimento,
    nome_empresa,
    nome_credor,
    numero_titulo,
    codigo_parcela,
    saldo,
    autorizada,
    documento_previsao
from marts.fato_contas_pagar
left join marts.dim_empresa using (codigo_empresa)
left join marts.dim_credor using (codigo_credor)
where situacao = 'A vencer' and data_vencimento <= (now() at time zone 'America/Sao_Paulo')::date + 30
order by data_vencimento, saldo desc
