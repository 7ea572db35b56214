with clientes as (
    select distinct on (codigo_contrato_locacao) codigo_contrato_locacao, codigo_cliente
    from {{ ref('contratos_locacao_clientes_contrato') }}
    order by codigo_contrato_locacao, cliente_principal desc nulls last, ordem
),

unidades as (
    select distinct on (codigo_contrato_locacao) codigo_contrato_locacao, codigo_unidade
    from {{ ref('contratos_locacao_unidades_contrato') }}
    order by codigo_contrato_locacao, unidade_principal desc nulls last, ordem
),

parcelas as (
    select
        codigo_empresa,
        numero_titulo as numero_titulo_receber,
        sum(valor_recebido) as valor_recebido,
        sum(saldo) as saldo_aberto,
        coalesce(sum(saldo) filter (where situacao = 'Vencida'), 0) as saldo_vencido
    from {{ ref('fato_parcelas_receber') }}
    where not documento_previsao
    group by codigo_empresa, numero_titulo
),

locacoes as (
    select
        *,
        case situacao_contrato
            when 'SOLICITADO' then 'Solicitado'
            when 'AUTORIZADO' then 'Autorizado'
            when 'EMITIDO' then 'Emitido'
            when 'FINALIZADO' then 'Finalizado'
            when 'CANCELADO' then 'Cancelado'
            else situacao_contrato
        end as situacao,
        coalesce(data_cancelamento_locacao, data_encerramento_locacao) as data_fim,
        case
            when frequencia_reajuste_meses between 1 and 1200
                then
                    (
                        coalesce(data_ultimo_reajuste, data_base_reajuste)
                        + make_interval(months => frequencia_reajuste_meses::int)
                    )::date
        end as proximo_reajuste
    from {{ ref('contratos_locacao') }}
)

select
    codigo_contrato_locacao,
    numero_contrato_locacao as numero_contrato,
    codigo_empresa,
    codigo_empreendimento,
    codigo_unidade,
    codigo_cliente,
    numero_titulo_receber as numero_titulo,
    situacao,
    coalesce(
        situacao in ('Autorizado', 'Emitido')
        and inicio_periodo_locacao <= {{ hoje() }}
        and coalesce(data_fim, fim_periodo_locacao, {{ hoje() }}) >= {{ hoje() }},
        false
    ) as vigente,
    data_contrato,
    inicio_periodo_locacao as data_inicio,
    fim_periodo_locacao as data_termino,
    data_fim as data_encerramento,
    prazo_locacao_meses as prazo_meses,
    valor_base_parcelas as valor_mensal,
    quantidade_parcelas,
    valor_total_parcelas as valor_total,
    nome_indexador,
    proximo_reajuste,
    fim_periodo_locacao - {{ hoje() }} as dias_ate_o_termino,
    valor_recebido,
    saldo_aberto,
    saldo_vencido
from locacoes
left join clientes using (codigo_contrato_locacao)
left join unidades using (codigo_contrato_locacao)
left join {{ ref('indexadores') }} using (codigo_indexador)
left join parcelas using (codigo_empresa, numero_titulo_receber)
