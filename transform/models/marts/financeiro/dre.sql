-- As partes somam cada lançamento ao centavo: cada uma é a diferença entre dois acumulados arredondados.
with leituras as (
    select 'Receber' as lado, count(*) > 0 as bulk
    from {{ ref('parcelas_receber') }}
    union all
    select 'Pagar', count(*) > 0
    from {{ ref('parcelas_pagar') }}
),

competencias as (
    select codigo_empresa, numero_titulo, codigo_parcela, data_competencia
    from {{ ref('parcelas_receber') }}
),

-- O que se cancelou, substituiu, reparcelou, distratou ou devolveu não é receita nem despesa.
parcelas as (
    select
        'Receber' as lado, codigo_empresa, numero_titulo, codigo_parcela,
        coalesce(data_competencia, data_emissao, data_vencimento) as data, valor_original - valor_desfeito as valor
    from {{ ref('fato_parcelas_receber') }}
    left join competencias using (codigo_empresa, numero_titulo, codigo_parcela)
    where not documento_previsao
    union all
    select
        'Pagar', codigo_empresa, numero_titulo, codigo_parcela,
        coalesce(data_competencia, data_emissao, data_vencimento), valor_original - valor_desfeito
    from {{ ref('fato_contas_pagar') }}
    where not documento_previsao
),

-- O extrato do cliente, pelo REST, não diz a empresa da baixa: diz o título.
empresas as (
    select numero_titulo, min(codigo_empresa) as empresa_titulo
    from {{ ref('fato_parcelas_receber') }}
    group by numero_titulo
),

lancamentos as (
    select 'Competência' as regime, lado, codigo_empresa, numero_titulo, codigo_parcela, data, valor
    from parcelas
    union all
    select
        'Caixa', lado, coalesce(codigo_empresa, empresa_titulo), numero_titulo, codigo_parcela, data_baixa,
        valor_liquido
    from {{ ref('fato_baixas') }}
    left join empresas using (numero_titulo)
    where caixa
),

chaveados as (
    select
        *,
        case
            when bulk then concat_ws('/', codigo_empresa, numero_titulo, codigo_parcela) else numero_titulo::text
        end as chave
    from lancamentos
    inner join leituras using (lado)
),

partes as (
    select
        regime,
        lado,
        codigo_empresa,
        data,
        codigo_centro_custo,
        codigo_plano_financeiro,
        round(valor * coalesce(acumulado, 100) / 100, 2)
        - round(valor * (coalesce(acumulado, 100) - coalesce(percentual, 100)) / 100, 2) as valor
    from chaveados
    left join {{ ref('apropriacoes_parcelas') }} using (lado, chave)
),

classificadas as (
    select
        regime, case lado when 'Receber' then 'Parcelas a receber' else 'Parcelas a pagar' end as origem,
        codigo_empresa, data, codigo_centro_custo, codigo_plano_financeiro,
        case lado when 'Receber' then valor else -valor end as valor
    from partes
    union all
    -- Pelo REST não se leem pagamentos: os dos títulos vêm do extrato, como os movimentos sem título.
    select
        'Caixa', case when numero_titulo is null then 'Movimentos sem título' else 'Parcelas a pagar' end,
        codigo_empresa, data_movimentacao, codigo_centro_custo, codigo_plano_financeiro, valor
    from {{ ref('fato_extrato') }}
    inner join leituras on lado = 'Pagar'
    where
        valor is not null
        and (
            (numero_titulo is null and not entre_contas)
            or (numero_titulo is not null and tipo = 'Saída' and not bulk)
        )
),

mensais as (
    select
        regime, origem, date_trunc('month', data)::date as mes, codigo_empresa, codigo_centro_custo,
        codigo_plano_financeiro, valor
    from classificadas
)

select
    regime,
    origem,
    mes,
    mensais.codigo_empresa,
    codigo_centro_custo,
    codigo_empreendimento,
    codigo_plano_financeiro,
    sum(valor) as valor
from mensais
left join {{ ref('dim_empreendimento') }} on codigo_centro_custo = codigo_empreendimento
group by
    regime, origem, mes, mensais.codigo_empresa, codigo_centro_custo, codigo_empreendimento, codigo_plano_financeiro
