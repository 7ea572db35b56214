-- Onde há parcelas de um contrato, o valor original delas soma o valor do contrato.
{{ config(severity='warn') }}
select codigo_contrato_venda, valor_contrato, sum(valor_original) as valor_parcelas
from {{ ref('fato_vendas') }}
inner join {{ ref('fato_parcelas_receber') }} using (codigo_contrato_venda)
group by codigo_contrato_venda, valor_contrato
having abs(sum(valor_original) - valor_contrato) >= 0.01
