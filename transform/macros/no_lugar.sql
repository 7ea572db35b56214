{# dbt's own view takes ten statements, this one: with hundreds of views that is most of the time.

   It keeps what people built on the view: docs/modelos.md. #}
{% materialization visao, adapter='postgres' %}
{%- set visao = this.incorporate(type='view') -%}
{%- call statement('main') -%}
    do $visao$
    declare
        consulta text := $consulta$
{{ sql }}
        $consulta$;
    begin
        execute 'create or replace view {{ visao }} as (' || consulta || ')';
    exception when invalid_table_definition or wrong_object_type or feature_not_supported then
        perform {{ guarda() }}.substitui('{{ visao }}', 'create view {{ visao }} as (' || consulta || ')');
    end $visao$;
    comment on view {{ visao }} is {{ postgres_escape_comment(model.description) }};
    {%- for coluna in model.columns.values() %}
    comment on column {{ visao }}.{{ coluna.name }} is {{ postgres_escape_comment(coluna.description) }};
    {%- endfor %}
{%- endcall -%}
{%- do adapter.commit() -%}
{{- return({'relations': [visao]}) -}}
{% endmaterialization %}


{# A table is filled again where it stands, with the views, indexes and grants that people gave it.

   The answer is made first, so that readers wait only while it is copied. #}
{% materialization table, adapter='postgres' %}
{%- set tabela = this.incorporate(type='table') -%}
{{ run_hooks(pre_hooks) }}
{%- set antes = colunas_com_tipo(tabela) -%}
{%- if not antes -%}
    {%- call statement('main') -%} {{ get_create_table_as_sql(False, tabela, sql) }} {%- endcall -%}
{%- else -%}
    {%- set nova = make_temp_relation(tabela) -%}
    {%- call statement('nova') -%} {{ get_create_table_as_sql(True, nova, sql) }} {%- endcall -%}
    {%- set depois = colunas_com_tipo(nova) -%}
    {%- set nomes = '"' ~ depois.keys() | join('", "') ~ '"' -%}
    {%- set outras = [] -%}
    {%- for coluna, tipo in antes.items() if depois.get(coluna) != tipo -%} {%- do outras.append(coluna) -%} {%- endfor -%}
    {%- call statement('main') -%}
        {%- if outras %}
            select {{ guarda() }}.substitui('{{ tabela }}', $criacao$
                {{ get_create_table_as_sql(False, tabela, 'select ' ~ nomes ~ ' from ' ~ nova) }}
            $criacao$);
        {%- else %}
            {%- for coluna, tipo in depois.items() if coluna not in antes %}
            alter table {{ tabela }} add column "{{ coluna }}" {{ tipo }};
            {%- endfor %}
            truncate table {{ tabela }};
            insert into {{ tabela }} ({{ nomes }}) select {{ nomes }} from {{ nova }};
        {%- endif %}
    {%- endcall -%}
    {%- call statement('limpa') -%} drop table {{ nova }} {%- endcall -%}
{%- endif -%}
{%- do create_indexes(tabela) -%}
{%- do persist_docs(tabela, model) -%}
{{ run_hooks(post_hooks) }}
{%- do adapter.commit() -%}
{{- return({'relations': [tabela]}) -}}
{% endmaterialization %}


{# The columns of a relation and their types; of what is no table, `nao_tabela` instead. #}
{% macro colunas_com_tipo(relacao) %}
{%- set consulta %}
    select attname, case relkind when 'r' then format_type(atttypid, null) else 'nao_tabela' end
    from pg_attribute inner join pg_class on pg_class.oid = attrelid
    where attrelid = to_regclass('{{ relacao }}') and attnum > 0 and not attisdropped
    order by attnum
{%- endset -%}
{%- set colunas = {} -%}
{%- for coluna in (run_query(consulta).rows if execute else []) -%}
    {%- do colunas.update({coluna[0]: coluna[1]}) -%}
{%- endfor -%}
{{- return(colunas) -}}
{% endmacro %}


{# A seed is filled again where it stands too, also when it got columns or with `--full-refresh`. #}
{% macro postgres__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
{%- set antes = colunas_com_tipo(old_relation) -%}
{%- for coluna in agate_table.column_names if coluna not in antes -%}
    {%- set tipo = model.config.column_types.get(coluna, 'text') -%}
    {%- do run_query('alter table ' ~ old_relation ~ ' add column "' ~ coluna ~ '" ' ~ tipo) -%}
{%- endfor -%}
{%- do adapter.truncate_relation(old_relation) -%}
{{- return('truncate table ' ~ old_relation) -}}
{% endmacro %}


{# dbt's own warns of every `numeric` without a scale, which PostgreSQL keeps exact. #}
{% macro postgres__get_empty_schema_sql(columns) %}
select
{%- for coluna in columns.values() %} null::{{ coluna.data_type }} as "{{ coluna.name }}" {{- ',' if not loop.last }} {%- endfor %}
{% endmacro %}
