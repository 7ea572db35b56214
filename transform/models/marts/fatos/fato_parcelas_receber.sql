-- Uma resposta só: do BULK onde há linhas dele; senão, do extrato de cada cliente, pelo REST.
with recebimentos_bulk as (
    select
        codigo_empresa,
        numero_titulo,
        codigo_parcela,
        sum(valor_liquido) as valor_recebido,
        max(data_pagamento) as data_ultimo_recebimento
    from {{ ref('parcelas_receber_recebimentos') }}
    group by codigo_empresa, numero_titulo, codigo_parcela
),

recebimentos_rest as (
    select
        titulo_receber,
        codigo_parcela,
        sum(valor_liquido_recebimento) as valor_recebido,
        max(data_recebimento) as data_ultimo_recebimento
    from {{ ref('extrato_cliente_recebimentos') }}
    group by titulo_receber, codigo_parcela
),

contratos as (
    select distinct on (codigo_empresa, titulo_receber)
        codigo_empresa,
        titulo_receber as numero_titulo,
        codigo_contrato_venda,
        codigo_empreendimento
    from {{ ref('contratos_venda') }}
    where titulo_receber is not null
    order by codigo_empresa, titulo_receber, codigo_contrato_venda desc
),

parcelas as (
    select
        codigo_empresa,
        numero_titulo,
        codigo_parcela,
        numero_parcela,
        codigo_cliente,
        codigo_documento,
        coalesce(indicador_documento_previsao = 'S', false) as documento_previsao,
        data_emissao,
        data_vencimento,
        valor_original_parcela as valor_original,
        valor_recebido,
        data_ultimo_recebimento,
        valor_saldo as saldo,
        valor_saldo_corrigido as saldo_corrigido,
        nome_indexador,
        coalesce(indicador_titulo_sub_judice = 'S', false) as sub_judice
    from {{ ref('parcelas_receber') }}
    left join recebimentos_bulk using (codigo_empresa, numero_titulo, codigo_parcela)
    union all
    select
        codigo_empresa,
        titulo_receber,
        codigo_parcela,
        numero_parcela,
        parcelas.codigo_cliente,
        titulos.codigo_documento,
        false,
        data_emissao,
        data_vencimento,
        valor_original,
        valor_recebido,
        data_ultimo_recebimento,
        saldo_atual,
        null,
        null,
        coalesce(parcelas.titulo_sub_judice, false)
    from {{ ref('extrato_cliente') }} as parcelas
    left join {{ ref('titulos_receber') }} as titulos using (titulo_receber)
    left join recebimentos_rest using (titulo_receber, codigo_parcela)
    where not exists (select 1 from {{ ref('parcelas_receber') }})
)

select
    codigo_empresa,
    numero_titulo,
    codigo_parcela,
    numero_parcela,
    codigo_cliente,
    codigo_contrato_venda,
    codigo_empreendimento,
    codigo_documento,
    documento_previsao,
    data_emissao,
    data_vencimento,
    valor_original,
    coalesce(valor_recebido, 0) as valor_recebido,
    data_ultimo_recebimento,
    saldo,
    coalesce(saldo_corrigido, saldo) as saldo_corrigido,
    {{ situacao('saldo', 'data_vencimento') }} as situacao,
    {{ dias_atraso('saldo', 'data_vencimento') }} as dias_atraso,
    {{ faixa_atraso(dias_atraso('saldo', 'data_vencimento')) }} as faixa_atraso,
    nome_indexador,
    sub_judice
from parcelas
left join contratos using (codigo_empresa, numero_titulo)
