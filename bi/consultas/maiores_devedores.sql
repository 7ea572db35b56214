-- Quem são os 20 clientes que mais nos devem parcelas vencidas, e como falo com eles?
select
    codigo_cliente,
    nome_cliente,
    telefone,
    email,
    sum(parcelas_vencidas) as parcelas_vencidas,
    sum(inadimplencia.saldo_corrigido) as saldo_corrigido,
    min(vencimento_mais_antigo) as vencimento_mais_antigo
from marts.inadimplencia
left join marts.dim_cliente using (codigo_cliente)
group by codigo_cliente, nome_cliente, telefone, email
order by saldo_corrigido desc
limit 20
