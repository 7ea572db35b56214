-- Que receita cada empreendimento já pode reconhecer pelo custo incorrido (POC)?
select
    codigo_empreendimento,
    nome_comercial as nome_empreendimento,
    mes,
    percentual_conclusao,
    valor_vendido_acumulado,
    receita_acumulada,
    receita_a_apropriar,
    custo_apropriado_acumulado,
    lucro_bruto_acumulado
from marts.receita_poc
left join marts.dim_empreendimento using (codigo_empreendimento)
where mes = (select max(ultimos.mes) from marts.receita_poc as ultimos)
order by receita_acumulada desc nulls last
