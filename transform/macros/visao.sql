{# dbt's own view takes ten statements, this one: with hundreds of views that is most of the time. #}
{% materialization visao, adapter='postgres' %}
{%- set visao = this.incorporate(type='view') -%}
{%- call statement('main') -%}
    drop view if exists {{ visao }} cascade;
    create view {{ visao }} as (
{{ sql }}
    );
    comment on view {{ visao }} is {{ postgres_escape_comment(model.description) }};
    {%- for coluna in model.columns.values() %}
    comment on column {{ visao }}.{{ coluna.name }} is {{ postgres_escape_comment(coluna.description) }};
    {%- endfor %}
{%- endcall -%}
{%- do adapter.commit() -%}
{{- return({'relations': [visao]}) -}}
{% endmaterialization %}
