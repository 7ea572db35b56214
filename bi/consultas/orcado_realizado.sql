-- De cada obra, quanto orçamos, quanto já apropriamos e pagamos, e de quanto é o desvio?
-- O orçado pede uma leitura a mais: meltano run tap-sienge-bulk target-postgres (ou tap-sienge-engenharia).
select
    codigo_empreendimento,
    nome_empreendimento as obra,
    sum(valor_orcado) as orcado,
    sum(valor_apropriado) as apropriado,
    sum(valor_pago) as pago,
    sum(saldo_orcamento) as saldo_orcamento,
    round(100 * sum(valor_apropriado) / nullif(sum(valor_orcado), 0) - 100, 1) as desvio_percentual
from marts.orcado_realizado
left join marts.dim_empreendimento using (codigo_empreendimento)
group by codigo_empreendimento, nome_empreendimento
order by apropriado desc
