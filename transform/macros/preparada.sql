{# A landed table under Portuguese names, without the rows that vanished from Sienge.

   Each tenant reads other resources: what did not land, a table or a column, is null of its type. #}
{% macro preparada(tabela, colunas) %}
{%- set origem = source('sienge', tabela) -%}
{%- set existentes = colunas_existentes(origem) -%}
select
{%- for nome, coluna, tipo in colunas %}
    {{ limpa(coluna, tipo) if coluna in existentes else 'null::' ~ tipo }} as {{ nome }},
{%- endfor %}
    {{ '_sdc_extracted_at' if '_sdc_extracted_at' in existentes else 'null::timestamp' }} as lido_em
{%- if existentes %}
from {{ origem }}
{%- endif %}
where {{ '_sdc_deleted_at is null' if '_sdc_deleted_at' in existentes else existentes | length > 0 }}
{% endmacro %}


{# One row for each object of a landed list, with the key of the row that has it. #}
{% macro desdobrada(tabela, lista, chaves, campos) %}
{%- set origem = source('sienge', tabela) -%}
{%- set existentes = colunas_existentes(origem) -%}
{%- set ha = lista in existentes -%}
select
{%- for nome, coluna, tipo in chaves %}
    {{ limpa(coluna, tipo) if coluna in existentes else 'null::' ~ tipo }} as {{ nome }},
{%- endfor %}
    {{ 'ordem' if ha else 'null::bigint as ordem' }},
{%- for nome, campo, tipo in campos %}
    {{ limpa("(objeto ->> '" ~ campo ~ "')", tipo) if ha else 'null::' ~ tipo }} as {{ nome }}
    {{- ',' if not loop.last }}
{%- endfor %}
{%- if ha %}
from {{ origem }}
cross join lateral jsonb_array_elements(
    case when jsonb_typeof({{ lista }}) = 'array' then {{ lista }} end
) with ordinality as lista (objeto, ordem)
where jsonb_typeof(objeto) = 'object'
{%- if '_sdc_deleted_at' in existentes %} and _sdc_deleted_at is null{% endif %}
{%- else %}
where false
{%- endif %}
{% endmacro %}


{% macro limpa(valor, tipo) -%}
    {%- if tipo == 'text' -%} nullif(btrim({{ valor }}), '')
    {%- elif tipo == 'jsonb' -%} nullif({{ valor }}::jsonb, 'null')
    {%- else -%} {{ valor }}::{{ tipo }}
    {%- endif -%}
{%- endmacro %}


{% macro colunas_existentes(origem) %}
{%- set consulta %}
    select attname from pg_attribute
    where attrelid = to_regclass('{{ origem.include(database=false) }}') and attnum > 0 and not attisdropped
{%- endset -%}
{{- return(run_query(consulta).columns[0].values() | list if execute else []) -}}
{% endmacro %}
