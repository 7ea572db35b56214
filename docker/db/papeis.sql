-- Papéis, esquemas e senhas, a cada início do banco: o que muda no .env vale depois de `make up`.
set log_min_error_statement = panic; -- senhas não vão para o log
set client_min_messages = warning;
\getenv dono POSTGRES_USER
\getenv banco POSTGRES_DB
\getenv senha_dono POSTGRES_PASSWORD
\getenv senha_carga CARGA_PASSWORD
\getenv senha_leitura LEITURA_PASSWORD

begin;
select format('create role %I login', papel) from unnest(array['carga', 'leitura']) papel
where not exists (select from pg_roles where rolname = papel) \gexec
alter role :"dono" password :'senha_dono';
alter role carga password :'senha_carga';
alter role leitura password :'senha_leitura' connection limit 30;
alter role leitura set default_transaction_read_only = on;
alter role leitura set search_path = marts, staging, sienge;
alter role leitura set statement_timeout = '15min';

revoke all on database :"banco" from public;
grant connect on database :"banco" to carga, leitura;
grant temporary on database :"banco" to carga; -- o carregador junta cada lote em uma tabela temporária
revoke all on schema public from public;

-- O andamento do Meltano é só da carga.
create schema if not exists meltano authorization carga;
-- O que se lê: as tabelas de hoje e as que a carga vier a criar.
select format(sql, esquema)
from unnest(array['sienge', 'staging', 'marts']) esquema,
  unnest(array[
    'create schema if not exists %I authorization carga',
    'grant usage on schema %I to leitura',
    'grant select on all tables in schema %I to leitura',
    'alter default privileges for role carga in schema %I grant select on tables to leitura'
  ]) sql \gexec
commit;
