-- Uma resposta só: os movimentos do BULK onde há linhas dele; senão, os extratos do REST.
-- As partes somam o movimento ao centavo: cada uma é a diferença entre dois acumulados arredondados.
with movimentos as (
    select
        key as chave,
        codigo_movimento_bancario as codigo_movimentacao,
        row_number() over (
            partition by codigo_movimento_bancario order by numero_titulo, numero_parcela, key
        ) as ordem_parcela,
        codigo_empresa,
        numero_conta_corrente as codigo_conta_bancaria,
        data_movimento_bancario as data_movimentacao,
        null::date as data_conciliacao,
        {{ direcao('tipo_operacao') }} as direcao,
        abs(valor_movimento) * {{ direcao('tipo_operacao') }} as valor,
        numero_titulo,
        numero_parcela,
        codigo_origem_movimento as sistema_origem,
        nome_operacao as operacao_financeira,
        nome_historico as historico,
        null as observacao
    from {{ ref('movimentos_bancarios') }}
    union all
    select
        codigo_movimentacao::text,
        codigo_movimentacao,
        1,
        codigo_empresa,
        codigo_conta_bancaria,
        data_movimentacao,
        data_conciliacao,
        {{ direcao('tipo_movimentacao') }},
        abs(valor_movimentacao) * {{ direcao('tipo_movimentacao') }},
        numero_titulo,
        numero_parcela,
        sistema_origem,
        operacao_financeira,
        historico_movimentacao,
        observacao_movimentacao
    from {{ ref('extratos_contas') }}
    where not exists (select 1 from {{ ref('movimentos_bancarios') }})
),

apropriacoes as (
    select
        key as chave,
        ordem,
        codigo_centro_custo,
        substring(codigo_plano_financeiro from '^[0-9]{1,18}$')::bigint as codigo_plano_financeiro,
        nome_plano_financeiro,
        coalesce(percentual_apropriado, 0) as percentual
    from {{ ref('movimentos_bancarios_apropriacoes_financeiras') }}
    union all
    select
        codigo_movimentacao::text,
        ordem,
        codigo_centro_custo,
        codigo_plano_financeiro,
        null,
        coalesce(percentual_apropriado, 0)
    from {{ ref('extratos_contas_apropriacoes_financeiras') }}
),

acumuladas as (
    select *, sum(percentual) over (partition by chave order by ordem) as acumulado
    from apropriacoes
),

apropriadas as (
    select
        chave,
        ordem,
        codigo_centro_custo,
        codigo_plano_financeiro,
        nome_plano_financeiro,
        percentual,
        round(valor * acumulado / 100, 2) - round(valor * (acumulado - percentual) / 100, 2) as parte
    from acumuladas
    inner join movimentos using (chave)
),

partes as (
    select * from apropriadas
    union all
    -- O que nenhuma apropriação explica fica em uma linha própria, sem centro de custo.
    select chave, 0, null, null, null, 100 - coalesce(sum(percentual), 0), valor - coalesce(sum(parte), 0)
    from movimentos
    left join apropriadas using (chave)
    group by chave, valor
    having count(percentual) = 0 or sum(percentual) <> 100 or valor <> sum(parte)
)

select
    codigo_movimentacao,
    ordem_parcela,
    ordem as ordem_apropriacao,
    codigo_empresa,
    codigo_conta_bancaria,
    data_movimentacao,
    data_conciliacao,
    case direcao when 1 then 'Entrada' when -1 then 'Saída' else 'Desconhecido' end as tipo,
    codigo_centro_custo,
    codigo_plano_financeiro,
    percentual,
    parte as valor,
    numero_titulo,
    numero_parcela,
    sistema_origem,
    operacao_financeira,
    historico,
    observacao,
    numero_titulo is null and (
        {{ entre_contas('operacao_financeira') }}
        or {{ entre_contas('historico') }}
        or {{ entre_contas('coalesce(planos.nome_plano_financeiro, partes.nome_plano_financeiro)') }}
        or {{ plano_entre_contas('planos.caminho') }}
    ) as entre_contas
from partes
inner join movimentos using (chave)
left join {{ ref('dim_plano_financeiro') }} as planos using (codigo_plano_financeiro)
