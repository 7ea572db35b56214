{# Several indicators of one row: what each is called, and its value. #}
{% macro partes() -%}
    cross join lateral (
        values
        {%- for indicador, valor in kwargs.items() %}
        ('{{ indicador }}', {{ valor }}){{ ',' if not loop.last }}
        {%- endfor %}
    ) as partes (indicador, valor)
{%- endmacro %}
