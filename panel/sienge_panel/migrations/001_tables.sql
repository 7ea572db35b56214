-- `if not exists`: panels older than the count of migrations made these tables without it.
create table if not exists painel.segredo (
    nome text primary key, valor bytea not null, alterado timestamptz not null default now()
);
create table if not exists painel.ajuste (nome text primary key, valor jsonb not null);
create table if not exists painel.alerta (
    causa text, dia date, texto text not null, enviado timestamptz not null default now(),
    primary key (causa, dia)
);
create table if not exists painel.sessao_encerrada (
    sessao text primary key, expira timestamptz not null
);
