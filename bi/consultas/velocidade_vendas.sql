-- Com que velocidade cada empreendimento vende (VSO), e em quantos meses acaba o estoque?
-- VSO de 12 meses: vendas dos últimos 12 meses sobre o que havia para vender (essas e as disponíveis).
select
    codigo_empreendimento,
    nome_empreendimento,
    unidades,
    disponiveis,
    vendas_12_meses,
    round(100.0 * vendas_12_meses / nullif(vendas_12_meses + disponiveis, 0), 1) as vso_12_meses_percentual,
    meses_de_estoque
from marts.estoque_unidades
left join marts.dim_empreendimento using (codigo_empreendimento)
order by vso_12_meses_percentual desc nulls last
