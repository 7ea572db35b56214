-- O dbt sabe que modelo lê que tabela; o histórico sabe como foi cada leitura.
with tabelas (modelo, tabela) as (
    values
    {%- for modelo, tabela in tabelas_por_modelo() %}
        ('{{ modelo }}', '{{ tabela }}'){{ ',' if not loop.last }}
    {%- else %}
        (null, null)
    {%- endfor %}
),

ultimas as (
    select distinct on (recurso) recurso, resultado, fim, motivo
    from {{ ref('historico_sincronizacoes') }}
    order by recurso, inicio desc
),

completas as (
    select recurso, max(fim) as ultima_leitura_completa
    from {{ ref('historico_sincronizacoes') }}
    where resultado = 'ok'
    group by recurso
)

select
    modelo,
    tabela,
    to_regclass('{{ source('sienge', 'sync_log').schema }}.' || tabela) is not null as existe,
    ultima_leitura_completa is not null as disponivel,
    case resultado
        when 'ok' then 'Completa'
        when 'incomplete' then 'Incompleta'
        when 'skipped' then 'Sem acesso'
        when 'failed' then 'Falhou'
        when 'postponed' then 'Adiada'
        else coalesce(resultado, 'Nunca lida')
    end as situacao,
    ultima_leitura_completa,
    extract(epoch from (now() at time zone 'America/Sao_Paulo') - ultima_leitura_completa)::int / 3600 as idade_horas,
    motivo
from tabelas
left join ultimas on recurso = tabela
left join completas on completas.recurso = tabela
