-- O caixa da DRE soma, ao centavo, o que se recebeu e o que se pagou.
{{ config(severity='warn') }}
select modelo, conferencia, diferenca, exemplos
from {{ ref('conferencia') }}
where modelo = 'dre' and situacao <> 'Confere'
