{# A number that the company may set: SIENGE_<NAME> in the environment, or else the project's `vars`. #}
{% macro ajuste(nome) -%}
    {#- sqlfluff knows no environment -#}
    {{ (env_var('SIENGE_' ~ nome | upper, var(nome) | string) if env_var is defined else '1') | float }}
{%- endmacro %}
