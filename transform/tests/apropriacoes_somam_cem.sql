-- As apropriações de cada movimento do extrato somam 100 %.
select codigo_movimentacao, ordem_parcela, sum(percentual) as percentual
from {{ ref('fato_extrato') }}
group by codigo_movimentacao, ordem_parcela
having sum(percentual) <> 100
