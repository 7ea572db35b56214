-- A carteira soma, ao centavo, o saldo das parcelas em aberto sem previsões.
with saldos as (
    select saldo from {{ ref('carteira_receber') }}
    union all
    select -saldo from {{ ref('fato_parcelas_receber') }}
    where saldo_bruto > 0 and not documento_previsao
)

select sum(saldo) as diferenca
from saldos
having sum(saldo) <> 0
