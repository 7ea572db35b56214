-- O que a empresa fez sobre os modelos sobreviveu às mudanças de colunas deles.
{{ config(severity='warn') }}
select quando, objeto, comando, motivo
from {{ guarda() }}.objetos_guardados
