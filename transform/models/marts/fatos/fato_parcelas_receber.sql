-- Uma resposta só: do BULK onde há linhas dele; senão, do extrato de cada cliente, pelo REST.
with baixas as (
    {{ baixas_por_parcela('Receber') }}
),

unidades as (
    select codigo_unidade, nome_unidade
    from {{ ref('dim_unidade') }}
),

contratos as (
    select
        codigo_empresa,
        codigo_empreendimento,
        codigo_cliente,
        codigo_contrato_venda,
        numero_contrato,
        titulo_receber,
        nome_unidade
    from {{ ref('fato_vendas') }}
    left join unidades using (codigo_unidade)
),

parcelas as (
    select
        codigo_empresa,
        numero_titulo,
        codigo_parcela,
        numero_parcela,
        codigo_cliente,
        codigo_documento,
        numero_documento,
        unidade_principal as nome_unidade,
        codigo_condicao_pagamento,
        coalesce(nome_condicao_pagamento, descricao_condicao_pagamento) as condicao_pagamento,
        {{ previsao('indicador_documento_previsao', 'nome_documento') }} as documento_previsao,
        data_emissao,
        data_vencimento,
        valor_original_parcela as valor_original,
        valor_desconto,
        valor_saldo as saldo_bruto,
        coalesce(valor_saldo_corrigido, valor_saldo) as saldo_corrigido,
        nome_indexador,
        coalesce(indicador_titulo_sub_judice = 'S', false) as sub_judice
    from {{ ref('parcelas_receber') }}
    union all
    select
        codigo_empresa,
        titulo_receber,
        codigo_parcela,
        numero_parcela,
        parcelas.codigo_cliente,
        titulos.codigo_documento,
        titulos.numero_documento,
        titulos.nome_unidade,
        tipo_condicao,
        null,
        {{ previsao('null', 'documentos.nome_documento') }},
        data_emissao,
        data_vencimento,
        valor_original,
        null,
        saldo_atual,
        saldo_atual as saldo_corrigido,
        null,
        coalesce(parcelas.titulo_sub_judice, false)
    from {{ ref('extrato_cliente') }} as parcelas
    left join {{ ref('titulos_receber') }} as titulos using (titulo_receber)
    left join {{ ref('documentos') }} as documentos on titulos.codigo_documento = documentos.codigo_documento
    where not exists (select 1 from {{ ref('parcelas_receber') }})
),

titulos as (
    select distinct codigo_empresa, numero_titulo, numero_documento, codigo_cliente, nome_unidade
    from parcelas
),

-- Um contrato tem um ou mais títulos e diz um só; o reemitido não diz nenhum. Os outros se acham pelo número do
-- documento, que é o do contrato, ou pela unidade e pelo cliente.
candidatos as (
    select titulos.codigo_empresa, numero_titulo, codigo_contrato_venda, codigo_empreendimento, 1 as preferencia
    from titulos
    inner join contratos
        on titulos.codigo_empresa = contratos.codigo_empresa and numero_titulo = titulo_receber
    union all
    select titulos.codigo_empresa, numero_titulo, codigo_contrato_venda, codigo_empreendimento, 2
    from titulos
    inner join contratos
        on titulos.codigo_empresa = contratos.codigo_empresa and numero_documento = numero_contrato
    union all
    select codigo_empresa, numero_titulo, codigo_contrato_venda, codigo_empreendimento, 3
    from titulos
    inner join contratos using (codigo_empresa, codigo_cliente, nome_unidade)
),

ligadas as (
    select distinct on (codigo_empresa, numero_titulo) *
    from candidatos
    order by codigo_empresa, numero_titulo, preferencia, codigo_contrato_venda desc
)

select
    parcelas.codigo_empresa,
    parcelas.numero_titulo,
    parcelas.codigo_parcela,
    numero_parcela,
    codigo_cliente,
    codigo_contrato_venda,
    codigo_empreendimento,
    codigo_documento,
    documento_previsao,
    codigo_condicao_pagamento,
    condicao_pagamento,
    {{ permuta('codigo_condicao_pagamento', 'coalesce(condicao_pagamento, codigo_condicao_pagamento)') }} as permuta,
    data_emissao,
    data_vencimento,
    valor_original,
    coalesce(valor_em_caixa, 0) as valor_recebido,
    data_ultima_em_caixa as data_ultimo_recebimento,
    coalesce(valor_baixado_sem_caixa, 0) as valor_baixado_sem_caixa,
    tipo_baixa_sem_caixa,
    least(coalesce(valor_desfeito, 0), valor_original) as valor_desfeito,
    valor_desconto,
    case when saldo_bruto > 0 then saldo_corrigido - coalesce(valor_desconto, 0) else saldo_bruto end as saldo,
    saldo_bruto,
    saldo_corrigido,
    {{ situacao('saldo_bruto', 'data_vencimento', 'situacao_baixada') }} as situacao,
    {{ dias_atraso('saldo_bruto', 'data_vencimento') }} as dias_atraso,
    {{ faixa_atraso(dias_atraso('saldo_bruto', 'data_vencimento')) }} as faixa_atraso,
    nome_indexador,
    sub_judice
from parcelas
left join ligadas
    on
        parcelas.numero_titulo = ligadas.numero_titulo
        and parcelas.codigo_empresa is not distinct from ligadas.codigo_empresa
left join baixas
    on
        parcelas.numero_titulo = baixas.numero_titulo
        and parcelas.codigo_parcela = baixas.codigo_parcela
        and parcelas.codigo_empresa is not distinct from coalesce(baixas.codigo_empresa, parcelas.codigo_empresa)
