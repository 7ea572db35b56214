-- Onde há condições de pagamento, somam o valor do contrato.
{{ config(severity='warn') }}
select codigo_contrato_venda, valor_contrato, valor_condicoes
from {{ ref('fato_vendas') }}
where abs(valor_condicoes - valor_contrato) >= 0.01
