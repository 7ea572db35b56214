-- Uma resposta só: do BULK onde há linhas dele; senão, das planilhas e dos títulos, pelo REST.
with itens as (
    select
        codigo_obra,
        codigo_unidade_construtiva,
        codigo_item_orcamento::text as codigo_item,
        referencia_item_orcamento_edt as referencia,
        descricao_item_orcamento as descricao,
        unidade_medida,
        quantidade_orcada,
        preco_total as valor_orcado,
        percentual_medido
    from {{ orcamento_vigente() }} as vigentes
    union all
    select
        codigo_obra,
        codigo_unidade_construtiva,
        codigo_item_orcamento,
        referencia_item_planilha_edt,
        descricao_item_orcamento,
        unidade_medida,
        quantidade,
        preco_total,
        null
    from {{ ref('itens_planilhas_orcamento') }}
    where not exists (select 1 from {{ ref('itens_orcamento_obras') }})
),

apropriacoes as (
    select
        codigo_obra,
        codigo_unidade_construtiva,
        codigo_item_orcamento,
        nome_item_orcamento,
        documento_previsao,
        (valor_original - valor_desfeito) * percentual_apropriado / 100 as valor,
        valor_pago * percentual_apropriado / 100 as pago
    from {{ ref('parcelas_pagar_apropriacoes_obra') }}
    inner join {{ ref('fato_contas_pagar') }} using (codigo_empresa, numero_titulo, codigo_parcela)
    union all
    select
        codigo_obra,
        codigo_unidade_construtiva,
        codigo_item_orcamento::text,
        nome_item_orcamento,
        {{ previsao('null', 'documentos.nome_documento') }},
        valor_bruto_titulo * percentual_apropriado / 100,
        null
    from {{ ref('apropriacoes_obra_titulos_pagar') }}
    inner join {{ ref('titulos_pagar') }} using (numero_titulo)
    left join {{ ref('documentos') }} as documentos using (codigo_documento)
    where not exists (select 1 from {{ ref('parcelas_pagar') }})
),

referencias as (
    select codigo_obra, codigo_unidade_construtiva, referencia as codigo_item_orcamento, min(codigo_item) as codigo_item
    from itens
    group by codigo_obra, codigo_unidade_construtiva, referencia
),

-- O título diz o item pelo código ou pela referência (EDT).
classificadas as (
    select *, coalesce(codigo_item, codigo_item_orcamento, 'Sem item') as item
    from apropriacoes
    left join referencias using (codigo_obra, codigo_unidade_construtiva, codigo_item_orcamento)
),

realizado as (
    select
        codigo_obra,
        codigo_unidade_construtiva,
        item as codigo_item,
        max(nome_item_orcamento) as nome_item,
        round(coalesce(sum(valor) filter (where not documento_previsao), 0), 2) as valor_apropriado,
        round(coalesce(sum(valor) filter (where documento_previsao), 0), 2) as valor_previsto,
        round(sum(pago) filter (where not documento_previsao), 2) as valor_pago
    from classificadas
    group by codigo_obra, codigo_unidade_construtiva, item
)

select
    codigo_obra as codigo_empreendimento,
    codigo_unidade_construtiva,
    codigo_item,
    referencia,
    coalesce(descricao, nome_item) as descricao,
    unidade_medida,
    quantidade_orcada,
    percentual_medido,
    coalesce(valor_orcado, 0) as valor_orcado,
    coalesce(valor_apropriado, 0) as valor_apropriado,
    coalesce(valor_previsto, 0) as valor_previsto,
    coalesce(valor_pago, 0) as valor_pago,
    coalesce(valor_orcado, 0) - coalesce(valor_apropriado, 0) as saldo_orcamento,
    itens.codigo_item is not null as orcado
from itens
full outer join realizado using (codigo_obra, codigo_unidade_construtiva, codigo_item)
