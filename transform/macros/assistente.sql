{# What the role of assistants may read of what this run built: the columns that no model says to be personal, nor one
   that it reads, under the same name. Where there is no such role, nothing.

   SIENGE_ASSISTENTE_PERMITE in the environment, or the variable, allows more: nome_credor, or dim_credor.nome_credor. #}
{% macro concede_ao_assistente() -%}
{%- set papel = env_var('ASSISTENTE_USER', 'assistente') -%}
{%- set permitidas = env_var('SIENGE_ASSISTENTE_PERMITE', var('assistente_permite')).replace(' ', '').split(',') -%}
{%- set relacoes = {} -%}
{%- set esquemas = [] -%}
{%- for feito in (results if execute else []) if feito.node.resource_type in ['model', 'seed', 'snapshot'] -%}
    {%- set no = feito.node -%}
    {%- set pessoais = colunas_pessoais(no) -%}
    {%- set colunas = [] -%}
    {%- for nome in no.columns if nome not in pessoais or nome in permitidas or no.name ~ '.' ~ nome in permitidas -%}
        {%- do colunas.append(nome) -%}
    {%- endfor -%}
    {%- do relacoes.update({no.schema ~ '.' ~ no.name: colunas}) -%}
    {%- if no.schema not in esquemas -%} {%- do esquemas.append(no.schema) -%} {%- endif -%}
{%- endfor -%}
do $assistente$
declare
    item record;
begin
    if to_regrole('{{ papel }}') is null then return; end if;
    {%- for esquema in esquemas %}
    grant usage on schema {{ esquema }} to {{ papel }};
    {%- endfor %}
    for item in
        select pg_class.oid::regclass as relacao, string_agg(quote_ident(attname), ', ' order by attnum) as colunas
        from jsonb_each($relacoes${{ tojson(relacoes) }}$relacoes$) as relacoes (nome, permitidas)
        inner join pg_class on pg_class.oid = to_regclass(nome)
        left join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped and permitidas ? attname
        group by pg_class.oid
    loop
        execute format('revoke all on %s from {{ papel }}', item.relacao);
        if item.colunas is not null then
            execute format('grant select (%s) on %s to {{ papel }}', item.colunas, item.relacao);
        end if;
    end loop;
end $assistente$;
{%- endmacro %}


{# The columns of a model that are personal, or have the name of one in what the model reads. #}
{% macro colunas_pessoais(no) -%}
    {%- set nomes = [] -%}
    {%- set vistos = [] -%}
    {%- set pendentes = [no.unique_id] -%}
    {%- for _ in range(1000) if pendentes -%}
        {%- set id = pendentes.pop() -%}
        {%- if id not in vistos and id in graph.nodes -%}
            {%- do vistos.append(id) -%}
            {%- for coluna in graph.nodes[id].columns.values() if coluna.config.meta.pessoal -%}
                {%- do nomes.append(coluna.name) -%}
            {%- endfor -%}
            {%- do pendentes.extend(graph.nodes[id].depends_on.nodes) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(nomes) -}}
{%- endmacro %}
