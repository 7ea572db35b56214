-- Que unidades posso oferecer hoje, e a quanto o metro quadrado?
select
    nome_empreendimento,
    nome_unidade,
    tipo_imovel,
    pavimento,
    area_privativa,
    valor_avaliado,
    round(valor_avaliado / nullif(area_privativa, 0), 2) as valor_m2,
    data_entrega
from marts.dim_unidade
left join marts.dim_empreendimento using (codigo_empreendimento)
where situacao = 'Disponível'
order by nome_empreendimento, valor_avaliado
