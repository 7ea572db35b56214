-- Quanto devemos de comissão a cada corretor, e quanto disso já foi liberado?
select
    codigo_corretor,
    nome_corretor,
    count(*) as parcelas,
    sum(valor_parcela) as valor_a_pagar,
    coalesce(sum(valor_parcela) filter (where situacao_parcela = 'RELEASED'), 0) as valor_liberado,
    min(data_vencimento) as primeiro_vencimento
from staging.parcelas_comissao
where situacao_parcela not in ('PAID', 'CANCELLED')
group by codigo_corretor, nome_corretor
order by valor_a_pagar desc
