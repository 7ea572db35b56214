-- A hora do dia passa a ser um plano; a hora fica, para um painel mais antigo que volte.
insert into painel.ajuste (nome, valor)
select 'horario', jsonb_build_object('times', jsonb_build_array(lpad(valor #>> '{}', 2, '0') || ':00'))
from painel.ajuste where nome = 'hora'
on conflict do nothing;
