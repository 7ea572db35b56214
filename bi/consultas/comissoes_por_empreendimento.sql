-- Quanto cada empreendimento já pagou de comissão, e quanto ainda deve?
select
    codigo_empreendimento,
    nome_comercial as nome_empreendimento,
    sum(valor_pago) as valor_pago,
    sum(valor_a_pagar) as valor_a_pagar,
    sum(valor_liberado) as valor_liberado,
    sum(valor_cancelado) as valor_cancelado
from marts.comissoes
left join marts.dim_empreendimento using (codigo_empreendimento)
group by codigo_empreendimento, nome_comercial
order by valor_a_pagar desc
