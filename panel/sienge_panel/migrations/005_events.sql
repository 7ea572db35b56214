-- O que o Sienge avisa: só códigos, nunca dados pessoais. Fica junto das tabelas que os avisos atualizam.
-- `if not exists`: quem apaga o esquema para ler tudo de novo não fica sem esta tabela (hooks/store.py).
do $$ begin
    if to_regnamespace('sienge') is null then
        create schema sienge;
    end if;
end $$;
create table if not exists sienge.eventos (
    id bigint generated always as identity primary key,
    sienge_id text not null unique, tipo text not null,
    ids jsonb not null, cabecalhos jsonb not null default '{}',
    recebido timestamptz not null default now(),
    tentativas integer not null default 0, proxima timestamptz not null default now(),
    feito timestamptz, resultado text, motivo text
);
create index if not exists eventos_proxima on sienge.eventos (proxima) where feito is null;
create index if not exists eventos_recebido on sienge.eventos (recebido);
