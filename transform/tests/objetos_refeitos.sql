-- O que a empresa fez sobre os modelos sobreviveu às mudanças de colunas deles.
{{ config(severity='warn') }}
select * from {{ guarda() }}.objetos_guardados
