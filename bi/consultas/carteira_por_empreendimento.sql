-- De cada empreendimento, quanto já recebemos, quanto está vencido e quanto ainda vai vencer?
select
    codigo_empreendimento,
    coalesce(nome_empreendimento, 'Sem contrato de venda') as empreendimento,
    count(distinct codigo_cliente) as clientes,
    sum(valor_recebido) as recebido,
    coalesce(sum(saldo) filter (where situacao = 'Vencida'), 0) as vencido,
    coalesce(sum(saldo) filter (where situacao = 'A vencer'), 0) as a_vencer
from marts.fato_parcelas_receber
left join marts.dim_empreendimento using (codigo_empreendimento)
where not documento_previsao
group by codigo_empreendimento, nome_empreendimento
order by empreendimento
