with informadas as (
    {{ baixas_informadas() }}
),

-- O que a empresa diz vale mais; e o nome mais que o código, que alguns tipos não têm.
significados as (
    select distinct on (vistos.codigo_tipo_baixa, vistos.nome_tipo_baixa)
        vistos.codigo_tipo_baixa,
        vistos.nome_tipo_baixa,
        coalesce(tipos.nome, vistos.nome_tipo_baixa) as tipo_baixa,
        recebimento,
        pagamento,
        situacao
    from (select distinct codigo_tipo_baixa, nome_tipo_baixa from informadas) as vistos
    inner join {{ ref('tipos_baixa_vigentes') }} as tipos
        on
            {{ sem_acento('vistos.nome_tipo_baixa') }} = {{ sem_acento('tipos.nome') }}
            or vistos.codigo_tipo_baixa = tipos.codigo
    order by
        vistos.codigo_tipo_baixa,
        vistos.nome_tipo_baixa,
        preferencia,
        {{ sem_acento('vistos.nome_tipo_baixa') }} = {{ sem_acento('tipos.nome') }} desc nulls last
),

permutas as (
    select codigo_empresa, numero_titulo, codigo_parcela
    from {{ ref('parcelas_receber') }}
    where {{ permuta('codigo_condicao_pagamento', 'coalesce(nome_condicao_pagamento, descricao_condicao_pagamento)') }}
    union all
    select null, titulo_receber, codigo_parcela
    from {{ ref('extrato_cliente') }}
    where
        {{ permuta('tipo_condicao', 'tipo_condicao') }}
        and not exists (select 1 from {{ ref('parcelas_receber') }})
),

entendidas as (
    select
        informadas.*,
        significados.tipo_baixa is not null as tipo_conhecido,
        coalesce(significados.tipo_baixa, informadas.nome_tipo_baixa, informadas.codigo_tipo_baixa::text) as tipo_dito,
        significados.situacao as situacao_dita,
        case informadas.lado when 'Pagar' then pagamento else recebimento end as sentido,
        permutas.numero_titulo is not null as permuta
    from informadas
    left join significados
        on
            coalesce(informadas.codigo_tipo_baixa, -1) = coalesce(significados.codigo_tipo_baixa, -1)
            and coalesce(informadas.nome_tipo_baixa, '') = coalesce(significados.nome_tipo_baixa, '')
    left join permutas
        on
            informadas.lado = 'Receber'
            and informadas.numero_titulo = permutas.numero_titulo
            and informadas.codigo_parcela = permutas.codigo_parcela
            and informadas.codigo_empresa is not distinct from permutas.codigo_empresa
),

-- O recebimento de uma parcela em permuta não é dinheiro.
baixas as (
    select
        *,
        case when permuta and sentido = 'caixa' then 'Permuta' else coalesce(tipo_dito, 'Sem tipo') end as tipo_baixa,
        case
            when permuta and sentido = 'caixa' then 'Permutada' else coalesce(situacao_dita, 'Baixada')
        end as situacao,
        coalesce(sentido = 'estorno', false) as estorno,
        coalesce(sentido = 'caixa' and not permuta, false) as caixa,
        coalesce(
            sentido is distinct from 'caixa'
            and situacao_dita in ('Cancelada', 'Substituída', 'Reparcelada', 'Distratada', 'Devolvida'),
            false
        ) as desfaz,
        row_number() over (
            partition by lado, codigo_empresa, numero_titulo, codigo_parcela
            order by data_baixa nulls last, numero_sequencial, ordem
        ) as posicao
    from entendidas
),

-- Um estorno desfaz a baixa do mesmo valor ou, sem ela, a anterior, e vale o que ela vale.
estornadas as (
    select distinct on (
        estornos.lado, estornos.codigo_empresa, estornos.numero_titulo, estornos.codigo_parcela, estornos.ordem
    )
        estornos.lado,
        estornos.codigo_empresa,
        estornos.numero_titulo,
        estornos.codigo_parcela,
        estornos.ordem,
        outras.caixa,
        outras.desfaz
    from baixas as estornos
    inner join baixas as outras
        on
            estornos.lado = outras.lado
            and estornos.numero_titulo = outras.numero_titulo
            and estornos.codigo_parcela = outras.codigo_parcela
            and estornos.codigo_empresa is not distinct from outras.codigo_empresa
    where estornos.estorno and not outras.estorno
    order by
        estornos.lado,
        estornos.codigo_empresa,
        estornos.numero_titulo,
        estornos.codigo_parcela,
        estornos.ordem,
        (abs(outras.valor_liquido) = abs(estornos.valor_liquido)) desc nulls last,
        (outras.posicao < estornos.posicao) desc,
        outras.posicao desc
)

select
    baixas.lado,
    baixas.codigo_empresa,
    baixas.numero_titulo,
    baixas.codigo_parcela,
    baixas.ordem,
    baixas.posicao,
    baixas.data_baixa,
    baixas.codigo_tipo_baixa,
    baixas.tipo_baixa,
    baixas.tipo_conhecido,
    baixas.estorno,
    case when baixas.estorno then coalesce(estornadas.caixa, true) else baixas.caixa end as caixa,
    case when baixas.estorno then coalesce(estornadas.desfaz, false) else baixas.desfaz end as desfaz,
    baixas.situacao as situacao_parcela,
    coalesce(baixas.valor_bruto, baixas.valor_liquido) as valor_bruto,
    coalesce(baixas.valor_liquido, baixas.valor_bruto) as valor_liquido
from baixas
left join estornadas
    on
        baixas.lado = estornadas.lado
        and baixas.numero_titulo = estornadas.numero_titulo
        and baixas.codigo_parcela = estornadas.codigo_parcela
        and baixas.ordem = estornadas.ordem
        and baixas.codigo_empresa is not distinct from estornadas.codigo_empresa
