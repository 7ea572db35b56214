-- O que deve dar o mesmo por dois caminhos: cada linha de um e do outro, somadas por chave e depois ao todo.
with valores as (
    select
        'fato_parcelas_receber' as modelo, 'As parcelas de um contrato somam o valor dele' as conferencia,
        'contrato ' || codigo_contrato_venda as chave, valor_original as valor, 0 as esperado
    from {{ ref('fato_parcelas_receber') }}
    where codigo_contrato_venda is not null
    union all
    select
        'fato_parcelas_receber', 'As parcelas de um contrato somam o valor dele', 'contrato ' || codigo_contrato_venda,
        0, valor_contrato
    from {{ ref('fato_vendas') }}
    where codigo_contrato_venda in (select codigo_contrato_venda from {{ ref('fato_parcelas_receber') }})
    union all
    select
        'fato_vendas', 'As condições de pagamento somam o contrato', 'contrato ' || codigo_contrato_venda,
        valor_condicoes, valor_contrato
    from {{ ref('fato_vendas') }}
    where valor_condicoes is not null
    union all
    select 'fato_parcelas_receber', 'BULK e REST dizem as mesmas parcelas', 'título ' || numero_titulo, valor, esperado
    from (
        select numero_titulo, valor_original_parcela as valor, 0 as esperado from {{ ref('parcelas_receber') }}
        union all
        select titulo_receber, 0, valor_original from {{ ref('extrato_cliente') }}
    ) as receber
    where exists (select 1 from {{ ref('parcelas_receber') }}) and exists (select 1 from {{ ref('extrato_cliente') }})
    union all
    select 'fato_contas_pagar', 'BULK e REST dizem as mesmas parcelas', 'título ' || numero_titulo, valor, esperado
    from (
        select numero_titulo, valor_original_parcela as valor, 0 as esperado from {{ ref('parcelas_pagar') }}
        union all
        select numero_titulo, 0, valor_parcela from {{ ref('parcelas_titulos_pagar') }}
    ) as pagar
    where
        exists (select 1 from {{ ref('parcelas_pagar') }})
        and exists (select 1 from {{ ref('parcelas_titulos_pagar') }})
    union all
    select 'fato_extrato', 'BULK e REST dizem os mesmos movimentos', 'movimento ' || codigo, valor, esperado
    from (
        select codigo_movimento_bancario as codigo, abs(valor_movimento) as valor, 0 as esperado
        from {{ ref('movimentos_bancarios') }}
        union all
        select codigo_movimentacao, 0, abs(valor_movimentacao) from {{ ref('extratos_contas') }}
    ) as movimentos
    where
        exists (select 1 from {{ ref('movimentos_bancarios') }})
        and exists (select 1 from {{ ref('extratos_contas') }})
    union all
    select
        'saldos_bancarios', 'O saldo muda o que os movimentos dizem',
        'conta ' || numero_conta_corrente || ' em ' || data, saldo_lido, saldo_anterior + movimento
    from {{ ref('saldos_bancarios') }}
    where diferenca is not null
    union all
    select 'dre', 'O caixa das parcelas é o das baixas', lado, valor, esperado
    from (
        select
            origem as lado, case origem when 'Parcelas a pagar' then -valor else valor end as valor, 0 as esperado
        from {{ ref('dre') }}
        where regime = 'Caixa' and origem <> 'Movimentos sem título'
        union all
        select case lado when 'Receber' then 'Parcelas a receber' else 'Parcelas a pagar' end, 0, valor_liquido
        from {{ ref('fato_baixas') }}
        where caixa
    ) as caixa
    where lado = 'Parcelas a receber' or exists (select 1 from {{ ref('parcelas_pagar') }})
    union all
    select
        'custo_obra', 'O realizado é o apropriado nos itens', 'obra ' || codigo_empreendimento, valor_realizado, 0
    from {{ ref('custo_obra') }}
    union all
    select 'custo_obra', 'O realizado é o apropriado nos itens', 'obra ' || codigo_empreendimento, 0, valor_apropriado
    from {{ ref('orcado_realizado') }}
    union all
    select
        'medicoes', 'Os itens de uma medição somam a medição',
        codigo_documento
        || ' ' || numero_contrato || ', obra ' || codigo_empreendimento || ', medição ' || numero_medicao,
        valor_itens, valor_medido
    from {{ ref('medicoes') }}
    where valor_itens is not null
    union all
    select
        'balancete', 'O saldo final é o anterior mais débitos menos créditos',
        'conta ' || codigo_reduzido_conta || ' da empresa ' || codigo_empresa || ' em ' || to_char(mes, 'MM/YYYY'),
        saldo_final, saldo_anterior + debitos - creditos
    from {{ ref('balancete') }}
),

chaves as (
    select
        modelo, conferencia, chave, coalesce(sum(valor), 0) as valor, coalesce(sum(esperado), 0) as esperado
    from valores
    group by modelo, conferencia, chave
),

ordenadas as (
    select
        *,
        valor - esperado as diferenca,
        row_number() over (partition by modelo, conferencia order by abs(valor - esperado) desc, chave) as posicao
    from chaves
)

select
    modelo,
    conferencia,
    sum(valor) as valor,
    sum(esperado) as valor_esperado,
    sum(diferenca) as diferenca,
    count(*) as chaves,
    count(*) filter (where abs(diferenca) >= 0.01) as chaves_diferentes,
    string_agg(chave || ': ' || round(diferenca, 2), '; ' order by posicao) filter (
        where abs(diferenca) >= 0.01 and posicao <= 10
    ) as exemplos,
    case when bool_and(abs(diferenca) < 0.01) then 'Confere' else 'Difere' end as situacao
from ordenadas
group by modelo, conferencia
