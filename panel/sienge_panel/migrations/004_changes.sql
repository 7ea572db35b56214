-- Quem mudou o quê; as colunas vêm com o que o painel escreve, e nenhuma guarda segredos.
create table painel.mudanca (
    id bigint generated always as identity primary key,
    quando timestamptz not null default now(),
    papel text not null, endereco text not null, acao text not null,
    valores jsonb not null default '[]'
);
create index on painel.mudanca (acao, id);
create index on painel.mudanca (quando);
