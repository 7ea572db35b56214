-- Os códigos que decidem o que um número quer dizer são todos conhecidos.
{{ config(severity='warn') }}
select tabela, campo, codigo, linhas, efeito
from {{ ref('codigos_desconhecidos') }}
