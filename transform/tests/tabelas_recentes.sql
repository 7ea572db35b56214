-- O que já foi lido por completo o foi há menos de dois dias.
{{ config(severity='warn') }}
select distinct tabela, ultima_leitura_completa
from {{ ref('cobertura') }}
where idade_horas > 48
