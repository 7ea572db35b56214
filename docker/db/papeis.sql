-- Papéis, esquemas e senhas, a cada início do banco: o que muda no .env vale depois de `make up`.
-- CARGA_USER e LEITURA_USER dão outros nomes aos papéis, onde um servidor tem muitos bancos.
-- Senhas não vão para o log, onde isto pode ser mandado: nos PostgreSQL gerenciados não pode.
select set_config('log_min_error_statement', 'panic', false)
from pg_roles where rolname = current_user and rolsuper \g /dev/null
set client_min_messages = warning;
\getenv dono POSTGRES_USER
\getenv banco POSTGRES_DB
\getenv senha_dono POSTGRES_PASSWORD
\getenv senha_carga CARGA_PASSWORD
\getenv senha_leitura LEITURA_PASSWORD

\set carga carga
\set leitura leitura
\getenv carga CARGA_USER
\getenv leitura LEITURA_USER

begin;
select format('create role %I login', papel) from unnest(array[:'carga', :'leitura']) papel
where not exists (select from pg_roles where rolname = papel) \gexec
\if :{?senha_dono}
  alter role :"dono" password :'senha_dono';
\endif
alter role :"carga" password :'senha_carga';
alter role :"leitura" password :'senha_leitura' connection limit 30;
alter role :"leitura" reset all;
alter role :"leitura" in database :"banco" reset all;
alter role :"leitura" set default_transaction_read_only = on;
alter role :"leitura" set search_path = marts, staging, sienge;
alter role :"leitura" set statement_timeout = '15min';

revoke all on database :"banco" from public;
grant connect on database :"banco" to :"carga", :"leitura";
grant temporary on database :"banco" to :"carga"; -- o carregador junta cada lote em uma tabela temporária
revoke all on schema public from public;
grant :"carga" to :"dono"; -- para criar em nome dela, onde o dono não é superusuário

-- O andamento do Meltano e o que o painel guarda são só da carga.
create schema if not exists meltano authorization :"carga";
create schema if not exists painel authorization :"carga";
-- O que se lê: as tabelas de hoje e as que a carga vier a criar.
select format(sql, esquema, :'carga', :'leitura')
from unnest(array['sienge', 'staging', 'marts']) esquema,
  unnest(array[
    'create schema if not exists %1$I authorization %2$I',
    'grant usage on schema %1$I to %3$I',
    'grant select on all tables in schema %1$I to %3$I',
    'alter default privileges for role %2$I in schema %1$I grant select on tables to %3$I'
  ]) sql \gexec

-- Só onde o dono é superusuário: no contêiner, que é inteiro deste banco, ou em um servidor próprio.
select rolsuper as superusuario from pg_roles where rolname = current_user \gset
\if :superusuario
  revoke connect on database postgres, template1 from public;
  -- Objetos grandes são arquivos sem dono nem limite, que qualquer papel poderia criar.
  select format('revoke execute on function %s from public', oid::regprocedure)
  from pg_proc where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^lo_|^lo(read|write)$' \gexec
  alter role :"leitura" set temp_file_limit = '5GB'; -- este a própria leitura não muda
  -- A carga pergunta, antes de começar, o tamanho e o que resta do disco dos dados. O comando é sempre este.
  create or replace function meltano.disco(out total bigint, out livre bigint)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  begin
    create temporary table disco_lido (total bigint, livre bigint);
    copy pg_temp.disco_lido from program 'df -Pk . | awk ''END {print $2 "|" $4}''' with (delimiter '|');
    select 1024 * lido.total, 1024 * lido.livre into total, livre from pg_temp.disco_lido lido;
    drop table pg_temp.disco_lido;
  end $$;
  revoke execute on function meltano.disco from public;
  grant execute on function meltano.disco to :"carga";
\endif
\ir assistente.sql
commit;
