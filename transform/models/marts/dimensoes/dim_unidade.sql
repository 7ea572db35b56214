with avaliacoes as (
    select distinct on (codigo_unidade) codigo_unidade, valor_venda, data_valor_venda
    from {{ ref('unidades_avaliacoes') }}
    order by codigo_unidade, data_valor_venda desc nulls last, ordem
)

select
    codigo_unidade,
    nome_unidade,
    codigo_empreendimento,
    tipo_imovel,
    {{ traduzida('estoque_comercial', situacoes_unidade()) }} as situacao,
    pavimento,
    area_privativa,
    area_comum,
    fracao_ideal,
    data_entrega,
    codigo_contrato,
    numero_contrato,
    valor_venda as valor_avaliado,
    data_valor_venda as data_avaliacao
from {{ ref('unidades') }}
left join avaliacoes using (codigo_unidade)
