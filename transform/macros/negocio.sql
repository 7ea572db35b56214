{# Today in São Paulo, wherever the database runs. #}
{% macro hoje() %}(now() at time zone 'America/Sao_Paulo')::date{% endmacro %}


{# The time from which a snapshot knows a version, by the same clock. #}
{% macro postgres__snapshot_get_time() %}(now() at time zone 'America/Sao_Paulo')::timestamp{% endmacro %}


{# What an installment is: settled as its last settlement says, due in the future, or overdue. #}
{% macro situacao(saldo, vencimento, baixada="'Quitada'") -%}
    case
        when {{ saldo }} is null then null
        when {{ saldo }} <= 0 then coalesce({{ baixada }}, 'Quitada')
        when {{ vencimento }} < {{ hoje() }} then 'Vencida'
        else 'A vencer'
    end
{%- endmacro %}


{# The first day of a month written MM-YYYY; null where it is written otherwise. #}
{% macro mes_de(texto) -%}
    case when {{ texto }} ~ '^(0[1-9]|1[0-2])-[0-9]{4}$' then to_date({{ texto }}, 'MM-YYYY') end
{%- endmacro %}


{# The items of each work's last budget; one without a version number is older than any. #}
{% macro orcamento_vigente() -%}
    (
        select *
        from (
            select
                *,
                rank() over (
                    partition by codigo_obra, codigo_unidade_construtiva order by numero_versao_orcamento desc nulls last
                ) as ordem_versao
            from {{ ref('itens_orcamento_obras') }}
        ) as versoes
        where ordem_versao = 1
    )
{%- endmacro %}


{% macro dias_atraso(saldo, vencimento) -%}
    case when {{ saldo }} > 0 and {{ vencimento }} < {{ hoje() }} then {{ hoje() }} - {{ vencimento }} else 0 end
{%- endmacro %}


{% macro faixa_atraso(dias) -%}
    case
        when {{ dias }} <= 0 then 'Em dia'
        when {{ dias }} <= 30 then '1 a 30 dias'
        when {{ dias }} <= 60 then '31 a 60 dias'
        when {{ dias }} <= 90 then '61 a 90 dias'
        when {{ dias }} <= 180 then '91 a 180 dias'
        when {{ dias }} <= 360 then '181 a 360 dias'
        else 'Mais de 360 dias'
    end
{%- endmacro %}


{# The models of this project's sources, by the mart that reads them, over any number of others. #}
{% macro tabelas_por_modelo() %}
{%- set pares = [] -%}
{%- for no in (graph.nodes.values() if execute else []) if no.resource_type == 'model' and no.config.schema == 'marts' and no.name not in ['cobertura', 'codigos_desconhecidos', 'conferencia', 'tipos_baixa_vigentes'] -%}
    {%- set vistos = [] -%}
    {%- set pendentes = no.depends_on.nodes | list -%}
    {%- for _ in range(1000) if pendentes -%}
        {%- set id = pendentes.pop() -%}
        {%- if id not in vistos -%}
            {%- do vistos.append(id) -%}
            {%- if id in graph.sources -%}
                {%- if graph.sources[id].source_name == 'sienge' -%}
                    {%- do pares.append((no.name, graph.sources[id].name)) -%}
                {%- endif -%}
            {%- elif id in graph.nodes -%}
                {%- do pendentes.extend(graph.nodes[id].depends_on.nodes) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{%- endfor -%}
{{- return(pares | sort) -}}
{% endmacro %}


{# A balance as a number: what is owed to the company is positive. #}
{% macro devedor(saldo, natureza) -%}
    case when {{ natureza }} ilike 'C%' then -{{ saldo }} else {{ saldo }} end
{%- endmacro %}


{# A name by which a chart or a slicer may group: with the code where another record has the same.
   Power BI tells neither capitals nor spaces at the ends apart. #}
{% macro nome_unico(nome, codigo) -%}
    case
        when count(*) over (partition by lower(trim({{ nome }}))) = 1 and {{ nome }} is not null then {{ nome }}
        else trim(coalesce({{ nome }}, 'Sem nome')) || ' (' || {{ codigo }} || ')'
    end
{%- endmacro %}
