-- Os preços dos pedidos e os das notas, cada um com a sua curva: a mesma compra está nos dois.
with compradas as (
    select
        'Pedido' as origem,
        numero_pedido_compra as numero_documento,
        numero_item_pedido as numero_item,
        data_pedido as data,
        codigo_fornecedor as codigo_credor,
        codigo_obra as codigo_empreendimento,
        codigo_tabela_custos_unitarios,
        codigo_insumo,
        descricao_insumo as insumo,
        codigo_detalhe_insumo,
        unidade_medida,
        quantidade,
        preco_unitario,
        preco_liquido,
        round(quantidade * preco_liquido, 2) as valor
    from {{ ref('itens_pedidos_compra') }}
    left join {{ ref('pedidos_compra') }} using (numero_pedido_compra)
    where situacao_pedido is distinct from 'CANCELED'
    union all
    select
        'Nota fiscal',
        numero_sequencial_nota_fiscal,
        numero_item_nota_fiscal,
        data_emissao,
        codigo_fornecedor,
        codigo_obra_exibido_sienge,
        codigo_tabela_custos_unitarios,
        codigo_insumo,
        descricao_item_nota_fiscal,
        codigo_detalhe_insumo,
        null,
        quantidade_entregue,
        preco_unitario,
        preco_liquido,
        round(quantidade_entregue * preco_liquido, 2)
    from {{ ref('itens_notas_fiscais_compra') }}
    left join {{ ref('notas_fiscais_compra') }} using (numero_sequencial_nota_fiscal)
),

-- O código de um insumo vale em uma tabela de custos unitários.
chaves as (
    select
        *,
        coalesce(codigo_tabela_custos_unitarios::text, '') || '/' || coalesce(codigo_insumo::text, '') as chave_insumo
    from compradas
),

insumos as (
    select
        origem,
        chave_insumo,
        coalesce(sum(valor), 0) as valor_insumo,
        sum(sum(valor)) over (partition by origem) as valor_total,
        sum(sum(valor)) over (
            partition by origem order by sum(valor) desc nulls last, chave_insumo
        ) as acumulado
    from chaves
    group by origem, chave_insumo
),

-- O insumo que atravessa o limite ainda é da classe que o limite fecha.
classes as (
    select
        *,
        case
            when acumulado - valor_insumo < valor_total * {{ ajuste('curva_abc_a_percentual') }} / 100 then 'A'
            when acumulado - valor_insumo < valor_total * {{ ajuste('curva_abc_b_percentual') }} / 100 then 'B'
            else 'C'
        end as classe_abc
    from insumos
),

tabelas as (
    select distinct on (codigo_tabela_custos_unitarios, codigo_insumo)
        codigo_tabela_custos_unitarios || '/' || codigo_insumo as chave_insumo,
        preco_unitario as preco_tabela
    from {{ ref('insumos_tabelas_custos_precos_insumo') }}
    order by codigo_tabela_custos_unitarios, codigo_insumo, data_preco desc nulls last, ordem
),

historico as (
    select
        *,
        lag(preco_liquido) over (do_insumo order by data nulls first, numero_documento, numero_item) as preco_anterior,
        row_number() over (do_insumo order by data desc nulls last, numero_documento desc, numero_item desc) as recente,
        row_number() over (
            partition by origem, chave_insumo, codigo_detalhe_insumo, unidade_medida, codigo_credor
            order by data desc nulls last, numero_documento desc, numero_item desc
        ) as recente_fornecedor,
        row_number() over (
            partition by origem, chave_insumo, codigo_detalhe_insumo, unidade_medida, codigo_empreendimento
            order by data desc nulls last, numero_documento desc, numero_item desc
        ) as recente_obra
    from chaves
    window do_insumo as (partition by origem, chave_insumo, codigo_detalhe_insumo, unidade_medida)
)

select
    origem,
    numero_documento,
    numero_item,
    data,
    codigo_credor,
    codigo_empreendimento,
    codigo_tabela_custos_unitarios as codigo_tabela_custos,
    codigo_insumo,
    insumo,
    codigo_detalhe_insumo,
    unidade_medida,
    quantidade,
    preco_unitario,
    preco_liquido,
    valor,
    preco_anterior,
    round((preco_liquido / nullif(preco_anterior, 0) - 1) * 100, 2) as variacao_percentual,
    recente = 1 as ultimo_preco,
    recente_fornecedor = 1 as ultimo_do_fornecedor,
    recente_obra = 1 as ultimo_da_obra,
    preco_tabela,
    valor_insumo,
    round(acumulado / nullif(valor_total, 0) * 100, 2) as participacao_acumulada_percentual,
    classe_abc
from historico
inner join classes using (origem, chave_insumo)
left join tabelas using (chave_insumo)
