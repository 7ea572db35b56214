with vendas as (
    select codigo_contrato_venda, situacao, data_contrato
    from {{ ref('fato_vendas') }}
),

-- De uma venda de vários clientes, a parte de cada um; as parcelas são de quem o título diz.
contratos as (
    select
        codigo_cliente,
        count(*) filter (where venda_valida) as contratos_ativos,
        count(*) filter (where situacao = 'Cancelado') as contratos_cancelados,
        coalesce(sum(valor_participacao) filter (where venda_valida), 0) as valor_contratos,
        min(data_contrato) filter (where venda_valida) as primeira_compra,
        max(data_contrato) filter (where venda_valida) as ultima_compra
    from {{ ref('vendas_clientes') }}
    inner join vendas using (codigo_contrato_venda)
    group by codigo_cliente
),

parcelas as (
    select
        codigo_cliente,
        sum(valor_recebido) as valor_recebido,
        sum(saldo) as saldo_aberto,
        coalesce(sum(saldo) filter (where situacao = 'Vencida'), 0) as saldo_vencido,
        count(*) filter (where situacao = 'Vencida') as parcelas_vencidas,
        max(dias_atraso) as maior_atraso_dias,
        min(data_vencimento) filter (where situacao = 'A vencer') as proximo_vencimento,
        max(data_ultimo_recebimento) as ultimo_recebimento
    from {{ ref('fato_parcelas_receber') }}
    where not documento_previsao
    group by codigo_cliente
)

select
    codigo_cliente,
    nome_cliente,
    cpf_cnpj,
    telefone,
    email,
    municipio,
    estado,
    case
        when saldo_vencido > 0 then 'Inadimplente'
        when saldo_aberto > 0 then 'Em dia'
        when valor_recebido > 0 then 'Quitado'
        else 'Sem parcelas'
    end as situacao,
    coalesce(contratos_ativos, 0) as contratos_ativos,
    coalesce(contratos_cancelados, 0) as contratos_cancelados,
    coalesce(valor_contratos, 0) as valor_contratos,
    primeira_compra,
    ultima_compra,
    coalesce(valor_recebido, 0) as valor_recebido,
    coalesce(saldo_aberto, 0) as saldo_aberto,
    coalesce(saldo_vencido, 0) as saldo_vencido,
    coalesce(parcelas_vencidas, 0) as parcelas_vencidas,
    coalesce(maior_atraso_dias, 0) as maior_atraso_dias,
    proximo_vencimento,
    ultimo_recebimento
from {{ ref('dim_cliente') }}
left join contratos using (codigo_cliente)
left join parcelas using (codigo_cliente)
