-- O dbt sabe que modelo lê que tabela; o histórico sabe como foi cada leitura.
with tabelas (modelo, tabela) as (
    values
    {%- for modelo, tabela in tabelas_por_modelo() %}
        ('{{ modelo }}', '{{ tabela }}'){{ ',' if not loop.last }}
    {%- else %}
        (null, null)
    {%- endfor %}
),

-- Uma basta: os modelos leem o BULK ou, sem ele, o REST.
alternativas (tabela, outra) as (
    values
    ('bulk_income', 'customer_financial_statements'),
    ('customer_financial_statements', 'bulk_income'),
    ('receivable_bills', 'bulk_income'),
    ('bulk_outcome', 'bills_installments'),
    ('bills_installments', 'bulk_outcome'),
    ('bills_buildings_cost', 'bulk_outcome'),
    ('bulk_bank_movement', 'accounts_statements'),
    ('accounts_statements', 'bulk_bank_movement'),
    ('bulk_building_cost_estimation_items', 'building_cost_estimations_sheets_items'),
    ('building_cost_estimations_sheets_items', 'bulk_building_cost_estimation_items'),
    ('bulk_account_balance', 'closingaccountancy'),
    ('closingaccountancy', 'bulk_account_balance'),
    ('sales_commissions', 'commissions'),
    ('commissions', 'sales_commissions'),
    ('bills_taxes', 'bulk_outcome'),
    ('bills_budget_categories', 'bulk_outcome'),
    ('receivable_bills_budget_categories', 'bulk_income'),
    ('building_projects_sheets_tasks', 'bulk_building_cost_estimation_items'),
    ('trial_balance', 'bulk_account_balance'),
    ('trial_balance', 'closingaccountancy')
),

completas as (
    select recurso, max(fim) as ultima_leitura_completa
    from {{ ref('historico_sincronizacoes') }}
    where resultado = 'ok'
    group by recurso
),

-- Uma rodada que a cota do dia adiou não desfaz a leitura completa da noite.
ultimas as (
    select distinct on (recurso) recurso, resultado, motivo
    from {{ ref('historico_sincronizacoes') }}
    left join completas using (recurso)
    where
        resultado is distinct from 'postponed'
        or ultima_leitura_completa is null
        or inicio > ultima_leitura_completa + interval '20 hours'
    order by recurso, inicio desc
),

duvidas as (
    select
        tabela,
        string_agg(
            campo || ' "' || codigo || '" desconhecido em ' || linhas || ' linha(s): ' || efeito,
            '; ' order by campo, codigo
        ) as duvidas
    from {{ ref('codigos_desconhecidos') }}
    group by tabela
),

dispensadas as (
    select distinct tabela
    from alternativas
    inner join completas on outra = recurso
)

select
    modelo,
    tabela,
    to_regclass('{{ source('sienge', 'sync_log').schema }}.' || tabela) is not null as existe,
    ultima_leitura_completa is not null as disponivel,
    case
        when resultado = 'ok' then 'Completa'
        when resultado = 'incomplete' then 'Incompleta'
        when resultado = 'failed' then 'Falhou'
        when resultado = 'postponed' then 'Adiada'
        when dispensadas.tabela is not null then 'Dispensada'
        when resultado = 'skipped' then 'Sem acesso'
        else coalesce(resultado, 'Nunca lida')
    end as situacao,
    ultima_leitura_completa,
    extract(epoch from (now() at time zone 'America/Sao_Paulo') - ultima_leitura_completa)::int / 3600 as idade_horas,
    motivo,
    duvidas
from tabelas
left join ultimas on recurso = tabela
left join dispensadas using (tabela)
left join duvidas using (tabela)
left join completas on completas.recurso = tabela
