-- Quanto vale hoje a carteira a receber, por idade: corrigida, com multa e juros, a valor presente, e a provisão?
select
    faixa_atraso,
    count(*) as parcelas,
    sum(saldo_bruto) as saldo_bruto,
    sum(correcao) as correcao,
    sum(saldo) as saldo,
    sum(multa + juros) as multa_e_juros,
    sum(valor_atualizado) as valor_atualizado,
    sum(valor_presente) as valor_presente,
    sum(valor_pdd) as valor_pdd
from marts.carteira_receber
group by faixa_atraso
order by min(dias_atraso)
