-- Quanto devemos de comissão a cada corretor, e quanto disso já foi liberado?
select
    codigo_corretor,
    nome_corretor,
    count(*) as parcelas,
    sum(valor_a_pagar) as valor_a_pagar,
    sum(valor_liberado) as valor_liberado,
    min(data_vencimento) as primeiro_vencimento
from marts.comissoes
where situacao is null or situacao not in ('Paga', 'Cancelada')
group by codigo_corretor, nome_corretor
order by valor_a_pagar desc
