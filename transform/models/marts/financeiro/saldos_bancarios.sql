-- Um dia com saldo lido começa uma contagem; até o próximo saldo lido, os movimentos a continuam.
with conciliados as (
    select codigo_movimento_bancario as codigo_movimentacao
    from {{ ref('movimentos_bancarios') }}
    group by codigo_movimento_bancario
    having bool_and(indicador_movimento_conciliado = 'S')
),

movimentos as (
    select
        codigo_empresa,
        codigo_conta_bancaria::text as numero_conta_corrente,
        data_movimentacao as data,
        sum(valor) filter (where valor > 0) as entradas,
        -sum(valor) filter (where valor < 0) as saidas,
        sum(valor) as movimento,
        sum(valor) filter (
            where data_conciliacao is not null or conciliados.codigo_movimentacao is not null
        ) as movimento_conciliado,
        count(distinct codigo_movimentacao) as movimentos,
        count(distinct codigo_movimentacao) filter (where numero_titulo is null) as movimentos_sem_titulo,
        sum(valor) filter (where numero_titulo is null) as valor_sem_titulo
    from {{ ref('fato_extrato') }}
    left join conciliados using (codigo_movimentacao)
    where data_movimentacao is not null
    group by codigo_empresa, codigo_conta_bancaria, data_movimentacao
),

saldos as (
    select distinct on (codigo_empresa, numero_conta_corrente, data_saldo)
        codigo_empresa,
        numero_conta_corrente::text as numero_conta_corrente,
        data_saldo as data,
        saldo_conta as saldo_lido,
        saldo_conciliado_conta as saldo_conciliado
    from {{ ref('saldos_contas') }}
    where data_saldo is not null
    order by codigo_empresa, numero_conta_corrente, data_saldo, lido_em desc
),

dias as (
    select
        *,
        coalesce(movimento, 0) as do_dia,
        count(saldo_lido) over (
            partition by codigo_empresa, numero_conta_corrente order by data
        ) as contagem
    from saldos
    full outer join movimentos using (codigo_empresa, numero_conta_corrente, data)
),

-- O saldo lido já tem os movimentos do seu dia.
correntes as (
    select
        *,
        first_value(saldo_lido) over da_contagem
        + sum(do_dia) over da_contagem
        - first_value(do_dia) over da_contagem as saldo
    from dias
    window da_contagem as (partition by codigo_empresa, numero_conta_corrente, contagem order by data)
)

select
    codigo_empresa,
    numero_conta_corrente,
    data,
    nome_conta_corrente,
    nome_banco,
    lag(saldo) over da_conta as saldo_anterior,
    coalesce(entradas, 0) as entradas,
    coalesce(saidas, 0) as saidas,
    do_dia as movimento,
    coalesce(movimento_conciliado, 0) as movimento_conciliado,
    do_dia - coalesce(movimento_conciliado, 0) as movimento_a_conciliar,
    saldo,
    saldo_lido,
    saldo_conciliado,
    saldo_lido - saldo_conciliado as saldo_a_conciliar,
    saldo_lido - lag(saldo) over da_conta - do_dia as diferenca,
    coalesce(movimentos, 0) as movimentos,
    coalesce(movimentos_sem_titulo, 0) as movimentos_sem_titulo,
    coalesce(valor_sem_titulo, 0) as valor_sem_titulo
from correntes
left join {{ ref('contas_correntes') }} using (codigo_empresa, numero_conta_corrente)
window da_conta as (partition by codigo_empresa, numero_conta_corrente order by data)
