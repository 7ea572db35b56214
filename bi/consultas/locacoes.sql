-- Que locações valem hoje, quanto rendem, e quando acabam ou se reajustam?
select
    locacoes.numero_contrato,
    nome_unidade,
    nome_cliente,
    locacoes.situacao,
    vigente,
    valor_mensal,
    proximo_reajuste,
    data_termino,
    dias_ate_o_termino,
    saldo_vencido
from marts.locacoes
left join marts.dim_unidade using (codigo_unidade)
left join marts.dim_cliente using (codigo_cliente)
order by vigente desc, data_termino
