{# The settlements as Sienge tells them: of the BULK where it has rows; if not, by REST. #}
{% macro baixas_informadas() -%}
    select
        'Receber' as lado,
        codigo_empresa,
        numero_titulo,
        codigo_parcela,
        ordem,
        numero_sequencial,
        data_pagamento as data_baixa,
        codigo_tipo_baixa,
        nome_tipo_baixa,
        valor_bruto,
        valor_liquido
    from {{ ref('parcelas_receber_recebimentos') }}
    union all
    select
        'Receber',
        null,
        titulo_receber,
        codigo_parcela,
        ordem,
        ordem as numero_sequencial,
        data_recebimento,
        null,
        tipo_recebimento,
        valor_recebimento,
        valor_liquido_recebimento
    from {{ ref('extrato_cliente_recebimentos') }}
    where not exists (select 1 from {{ ref('parcelas_receber') }})
    union all
    select
        'Pagar',
        codigo_empresa,
        numero_titulo,
        codigo_parcela,
        ordem,
        numero_sequencial,
        data_pagamento,
        codigo_tipo_baixa,
        nome_tipo_baixa,
        valor_bruto,
        valor_liquido
    from {{ ref('parcelas_pagar_pagamentos') }}
{%- endmacro %}


{# What was settled of each installment of one side: with money, without, and how it ended. #}
{% macro baixas_por_parcela(lado) -%}
    select
        codigo_empresa,
        numero_titulo,
        codigo_parcela,
        coalesce(sum(valor_liquido) filter (where caixa), 0) as valor_em_caixa,
        max(data_baixa) filter (where caixa) as data_ultima_em_caixa,
        coalesce(sum(valor_liquido) filter (where not caixa), 0) as valor_baixado_sem_caixa,
        greatest(coalesce(sum(valor_bruto) filter (where desfaz), 0), 0) as valor_desfeito,
        string_agg(distinct tipo_baixa, ', ') filter (where not caixa and not estorno) as tipo_baixa_sem_caixa,
        (array_agg(situacao_parcela order by posicao desc) filter (where not estorno))[1] as situacao_baixada
    from {{ ref('fato_baixas') }}
    where lado = '{{ lado }}'
    group by codigo_empresa, numero_titulo, codigo_parcela
{%- endmacro %}


{# The kinds that the company changed in the panel; none where there is no panel. #}
{% macro tipos_baixa_do_painel() -%}
    {%- set guardado = source('painel', 'ajuste') -%}
    jsonb_to_recordset(
        {% if colunas_existentes(guardado) -%}
            coalesce((select valor from {{ guardado }} where nome = 'tipos_baixa'), '[]')
        {%- else -%}
            '[]'
        {%- endif %}
    ) as do_painel (codigo bigint, nome text, recebimento text, pagamento text, situacao text)
{%- endmacro %}
