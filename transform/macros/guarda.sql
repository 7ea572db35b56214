{# The schema where `substitui` and what it could not do are kept. #}
{% macro guarda() %}marts{% endmacro %}


{# What replaces a relation whose columns changed, and makes again what people had built on it.

   A function of the database, as the answer is needed inside one statement. #}
{% macro cria_guarda() %}
{# Even where the schema exists, `create schema if not exists` asks for the right to make one, which the role that
   loads does not have. #}
do $schema$ begin
    if to_regnamespace('{{ guarda() }}') is null then create schema {{ guarda() }}; end if;
end $schema$;
create table if not exists {{ guarda() }}.objetos_guardados (
    quando timestamp, objeto text, comando text, motivo text
);
comment on table {{ guarda() }}.objetos_guardados is
    'O que a empresa fez sobre um modelo e não coube mais nele quando as colunas mudaram: apague a linha depois de refazer';
comment on column {{ guarda() }}.objetos_guardados.quando is 'Quando o modelo mudou (hora de São Paulo)';
comment on column {{ guarda() }}.objetos_guardados.objeto is 'View, view materializada ou tabela';
comment on column {{ guarda() }}.objetos_guardados.comando is 'O comando que o fazia';
comment on column {{ guarda() }}.objetos_guardados.motivo is 'Por que não pôde ser refeito';

create or replace function {{ guarda() }}.substitui(alvo text, criacao text) returns void language plpgsql as $funcao$
declare
    objetos oid[];
    comandos text[];
    nomes text[];
    tipo "char" := (select relkind from pg_class where oid = to_regclass(alvo));
begin
    with recursive dependentes (oid, nivel) as (
        select to_regclass(alvo)::oid, 0
        union
        select ev_class, nivel + 1
        from dependentes
        inner join pg_depend on refclassid = 'pg_class'::regclass and refobjid = dependentes.oid
        inner join pg_rewrite on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
        where ev_class <> dependentes.oid
    ),

    ordenados as (
        select pg_class.*, pg_class.oid as objeto, max(nivel) as nivel,
            format('%I.%I', nspname, relname) as nome,
            case relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as classe
        from dependentes
        inner join pg_class using (oid)
        inner join pg_namespace on relnamespace = pg_namespace.oid
        group by pg_class.oid, nspname, relname
    ),

    partes (nivel, objeto, nome, ordem, comando) as (
        select nivel, objeto, nome, 1, format(
            'create %s %s%s as %s%s', classe, nome,
            coalesce(' with (' || array_to_string(reloptions, ', ') || ')', ''),
            rtrim(pg_get_viewdef(objeto), ';'),
            case when relkind = 'm' and not relispopulated then ' with no data' else '' end
        )
        from ordenados where nivel > 0
        union all
        select nivel, objeto, nome, 2, format('alter %s %s owner to %s', classe, nome, relowner::regrole)
        from ordenados where nivel > 0
        union all
        select nivel, objeto, nome, 3, format(
            'alter table %s add constraint %I %s', nome, conname, pg_get_constraintdef(pg_constraint.oid)
        )
        from ordenados inner join pg_constraint on conrelid = objeto and contype in ('p', 'u', 'c')
        union all
        select nivel, objeto, nome, 4, pg_get_indexdef(indexrelid)
        from ordenados inner join pg_index on indrelid = objeto
        where not exists (select 1 from pg_constraint where conindid = indexrelid)
        union all
        select nivel, objeto, nome, 5, format('comment on %s %s is %L', classe, nome, obj_description(objeto, 'pg_class'))
        from ordenados where nivel > 0 and obj_description(objeto, 'pg_class') is not null
        union all
        select nivel, objeto, nome, 6, format(
            'comment on column %s.%I is %L', nome, attname, col_description(objeto, attnum)
        )
        from ordenados inner join pg_attribute on attrelid = objeto
        where nivel > 0 and attnum > 0 and col_description(objeto, attnum) is not null
        union all
        select nivel, objeto, nome, 7, format(
            'grant %s on %s to %s%s', privilege_type, nome,
            case grantee when 0 then 'public' else grantee::regrole::text end,
            case when is_grantable then ' with grant option' else '' end
        )
        from ordenados cross join lateral aclexplode(relacl) where grantee <> relowner
        union all
        select nivel, objeto, nome, 8, format(
            'grant %s (%I) on %s to %s', privilege_type, attname, nome,
            case grantee when 0 then 'public' else grantee::regrole::text end
        )
        from ordenados
        inner join pg_attribute on attrelid = objeto
        cross join lateral aclexplode(attacl) where grantee <> relowner
    )

    select
        array_agg(comando order by nivel, objeto, ordem), array_agg(nome order by nivel, objeto, ordem)
    into comandos, nomes
    from partes;

    if tipo is not null then
        execute format(
            'drop %s %s cascade',
            case tipo when 'v' then 'view' when 'm' then 'materialized view' else 'table' end, alvo
        );
    end if;
    execute criacao;
    for i in 1 .. coalesce(array_length(comandos, 1), 0) loop
        begin
            execute comandos[i];
        exception when others then
            insert into {{ guarda() }}.objetos_guardados
            values (now() at time zone 'America/Sao_Paulo', nomes[i], comandos[i], sqlerrm);
        end;
    end loop;
end $funcao$;
comment on function {{ guarda() }}.substitui is 'Usada pelo dbt: docs/modelos.md';
{% endmacro %}


{# Say what could not be made again. #}
{% macro avisa_guardados() %}
{%- if execute -%}
{%- for linha in run_query('select distinct objeto from ' ~ guarda() ~ '.objetos_guardados order by 1').rows -%}
    {%- do log(
        'As colunas de um modelo mudaram, e ' ~ linha[0] ~ ' não pôde ser refeita por inteiro: veja o comando e o motivo em '
        ~ guarda() ~ '.objetos_guardados, refaça-a e apague as linhas.', info=true
    ) -%}
{%- endfor -%}
{%- endif -%}
{% endmacro %}
