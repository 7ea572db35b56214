-- De cada movimento bancário sabe-se se entrou ou saiu. Lê também os modelos que vêm depois: assim são feitos
-- mesmo que o teste falhe, sem os movimentos de que não se sabe.
with depois as (
    select (select count(*) from {{ ref('cobertura') }}) + (select count(*) from {{ ref('fluxo_caixa') }}) as linhas
)

select codigo_movimentacao, ordem_parcela, sistema_origem, operacao_financeira
from {{ ref('fato_extrato') }}
cross join depois
where tipo not in ('Entrada', 'Saída')
