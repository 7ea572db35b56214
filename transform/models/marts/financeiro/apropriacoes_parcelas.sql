-- Do BULK as apropriações são de cada parcela; do REST, do título: a chave diz qual.
with informadas as (
    select
        'Receber' as lado, concat_ws('/', codigo_empresa, numero_titulo, codigo_parcela) as chave, ordem,
        codigo_centro_custo, codigo_plano_financeiro, coalesce(percentual_apropriado, 0) as percentual
    from {{ ref('parcelas_receber_apropriacoes_financeiras') }}
    union all
    select
        'Receber', titulo_receber::text, row_number() over (partition by titulo_receber order by key),
        codigo_centro_custo, codigo_plano_financeiro::text, coalesce(percentual_apropriado, 0)
    from {{ ref('apropriacoes_financeiras_titulos_receber') }}
    union all
    select
        'Pagar', concat_ws('/', codigo_empresa, numero_titulo, codigo_parcela), ordem,
        codigo_centro_custo, codigo_plano_financeiro, coalesce(percentual_apropriado, 0)
    from {{ ref('parcelas_pagar_apropriacoes_financeiras') }}
    union all
    select
        'Pagar', numero_titulo::text, row_number() over (partition by numero_titulo order by key),
        codigo_centro_custo, codigo_plano_financeiro::text, coalesce(percentual_apropriado, 0)
    from {{ ref('apropriacoes_financeiras_titulos_pagar') }}
),

-- O que as apropriações não explicam fica sem centro de custo nem plano.
completas as (
    select *, sum(percentual) over (partition by lado, chave order by ordem) as acumulado
    from informadas
    union all
    select lado, chave, 0, null, null, 100 - sum(percentual), 100
    from informadas
    group by lado, chave
    having sum(percentual) <> 100
)

select
    lado,
    chave,
    ordem,
    codigo_centro_custo,
    substring(codigo_plano_financeiro from '^[0-9]{1,18}$')::bigint as codigo_plano_financeiro,
    percentual,
    acumulado
from completas
