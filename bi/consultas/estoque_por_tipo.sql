-- Quantas unidades temos em cada empreendimento e tipo de imóvel, em que situação, e quanto vale o disponível?
select
    codigo_empreendimento,
    nome_empreendimento,
    tipo_imovel,
    count(*) as unidades,
    count(*) filter (where situacao = 'Disponível') as disponiveis,
    count(*) filter (where situacao = 'Vendida') as vendidas,
    count(*) filter (where situacao is null or situacao not in ('Disponível', 'Vendida')) as outras,
    sum(valor_avaliado) filter (where situacao = 'Disponível') as valor_disponivel
from marts.dim_unidade
left join marts.dim_empreendimento using (codigo_empreendimento)
group by codigo_empreendimento, nome_empreendimento, tipo_imovel
order by nome_empreendimento, tipo_imovel
