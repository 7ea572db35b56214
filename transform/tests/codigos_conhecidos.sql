-- Os códigos que decidem o que um número quer dizer são todos conhecidos.
{{ config(severity='warn') }}
select *
from {{ ref('codigos_desconhecidos') }}
