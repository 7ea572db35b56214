-- As partes de cada movimento do extrato somam o seu valor, ao centavo.
select codigo_movimentacao
from {{ ref('extratos_contas') }}
left join {{ ref('fato_extrato') }} as partes using (codigo_movimentacao)
group by codigo_movimentacao, valor_movimentacao
having abs(coalesce(sum(partes.valor), 0)) is distinct from abs(coalesce(valor_movimentacao, 0))
