-- O saldo final de uma conta é o anterior mais os débitos menos os créditos.
{{ config(severity='warn') }}
select codigo_empresa, mes, codigo_reduzido_conta, saldo_anterior, debitos, creditos, saldo_final
from {{ ref('balancete') }}
where abs(saldo_anterior + debitos - creditos - saldo_final) >= 0.01
