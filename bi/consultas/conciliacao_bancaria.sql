-- Em que contas e dias o saldo não é o anterior mais os movimentos, ou falta conciliar?
select
    nome_empresa,
    nome_banco,
    numero_conta_corrente,
    data,
    saldo_anterior,
    movimento,
    saldo_lido,
    diferenca,
    saldo_a_conciliar,
    movimentos_sem_titulo
from marts.saldos_bancarios
left join marts.dim_empresa using (codigo_empresa)
where diferenca <> 0 or saldo_a_conciliar <> 0
order by data desc, abs(diferenca) desc nulls last
