{# A landed table under Portuguese names, without the rows that vanished from Sienge.

   Each tenant reads other resources: what did not land, a table or a column, is null of its type. #}
{% macro preparada(tabela, colunas) %}
{%- set origem = source('sienge', tabela) -%}
{%- set existentes = colunas_existentes(origem) -%}
select
{%- for linha in colunas.strip().splitlines() %}
{%- set nome, caminho, tipo = linha.split() %}
    {{ coluna(caminho, tipo, existentes) }} as {{ nome }},
{%- endfor %}
    {{ '_sdc_extracted_at' if '_sdc_extracted_at' in existentes else 'null::timestamp' }} as lido_em
{%- if existentes %}
from {{ origem }}
{%- endif %}
where {{ '_sdc_deleted_at is null' if '_sdc_deleted_at' in existentes else existentes | length > 0 }}
{% endmacro %}


{# One row for each object of a landed list, or of the list in its objects, with the key of the row that has it.

   Each of the lists, from the outside in, has the name of the column for the place in it, and its path. #}
{% macro desdobrada(tabela, listas, chaves, campos) %}
{%- set origem = source('sienge', tabela) -%}
{%- set existentes = colunas_existentes(origem) -%}
{%- set ha = listas[0][1].split('.')[0] in existentes -%}
select
{%- for linha in chaves.strip().splitlines() %}
{%- set nome, caminho, tipo = linha.split() %}
    {{ coluna(caminho, tipo, existentes) }} as {{ nome }},
{%- endfor %}
{%- for ordem, _ in listas %}
    {{ 'lista_' ~ loop.index ~ '.ordem' if ha else 'null::bigint' }} as {{ ordem }},
{%- endfor %}
{%- set objeto = 'lista_' ~ listas | length ~ '.objeto' %}
{%- for linha in campos.strip().splitlines() %}
{%- set nome, caminho, tipo = linha.split() %}
    {{ limpa(valor(caminho, objeto), tipo) if ha else 'null::' ~ tipo }} as {{ nome }}
    {{- ',' if not loop.last }}
{%- endfor %}
{%- if ha %}
from {{ origem }}
{%- for _, caminho in listas %}
{%- set lista = valor(caminho, 'lista_' ~ loop.index0 ~ '.objeto' if loop.index0, texto=false) %}
cross join lateral jsonb_array_elements(
    case jsonb_typeof({{ lista }}) when 'array' then {{ lista }} when 'object' then jsonb_build_array({{ lista }}) end
) with ordinality as lista_{{ loop.index }} (objeto, ordem)
{%- endfor %}
where jsonb_typeof({{ objeto }}) = 'object'
{%- if '_sdc_deleted_at' in existentes %} and _sdc_deleted_at is null{% endif %}
{%- else %}
where false
{%- endif %}
{% endmacro %}


{% macro coluna(caminho, tipo, existentes) -%}
    {{ limpa(valor(caminho), tipo) if caminho.split('.')[0] in existentes else 'null::' ~ tipo }}
{%- endmacro %}


{# What is at a path: in a column, or in an object. #}
{% macro valor(caminho, objeto=none, texto=true) -%}
    {%- set passos = caminho.split('.') -%}
    {%- set inicio = objeto or adapter.quote(passos.pop(0)) -%}
    {%- if passos -%}
        ({{ inicio }}{% for passo in passos %} {{ '->>' if texto and loop.last else '->' }} '{{ passo }}'{% endfor %})
    {%- else -%}
        {{ inicio }}
    {%- endif -%}
{%- endmacro %}


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
