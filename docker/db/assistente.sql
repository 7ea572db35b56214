-- O papel com que um assistente pergunta ao banco (docs/assistente.md): só lê, e só o que o dbt lhe concede coluna por
-- coluna, que são as sem dados pessoais. Sem ASSISTENTE_PASSWORD, ninguém entra com ele.
\getenv dono POSTGRES_USER
\getenv banco POSTGRES_DB
\getenv senha_assistente ASSISTENTE_PASSWORD
\if :{?senha_assistente}
  select :'senha_assistente' = '' as vazia \gset
  \if :vazia
    \unset senha_assistente
  \endif
\endif
\set assistente assistente
\getenv assistente ASSISTENTE_USER

select format('create role %I nologin', :'assistente')
where not exists (select from pg_roles where rolname = :'assistente') \gexec
select rolsuper as superusuario,
  pg_has_role(:'assistente', 'member with admin option')
  or rolcreaterole and current_setting('server_version_num')::int < 160000 as meu
from pg_roles where rolname = current_user \gset
\if :meu
  alter role :"assistente" nologin connection limit 20;
  \if :{?senha_assistente}
    alter role :"assistente" login password :'senha_assistente';
  \endif
  alter role :"assistente" reset all;
  alter role :"assistente" in database :"banco" reset all;
  alter role :"assistente" set default_transaction_read_only = on;
  alter role :"assistente" set search_path = marts, staging;
  alter role :"assistente" set statement_timeout = '30s';
  alter role :"assistente" set lock_timeout = '10s';
  alter role :"assistente" set idle_in_transaction_session_timeout = '60s';
  \if :superusuario
    alter role :"assistente" set temp_file_limit = '1GB';
  \endif
  grant connect on database :"banco" to :"assistente";
\elif :{?senha_assistente}
  do $$ begin
    raise exception 'O papel do assistente já existe e é de outro gestor: dê outro nome em ASSISTENTE_USER.';
  end $$;
\endif

revoke temporary on database :"banco" from public;
