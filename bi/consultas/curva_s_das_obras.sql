-- Quanto de cada obra devia estar feito, e quanto está, mês a mês?
select
    codigo_empreendimento,
    nome_comercial as nome_empreendimento,
    mes,
    planejado_percentual,
    medido_percentual,
    planejado_acumulado,
    realizado_acumulado
from marts.curva_s_obra
left join marts.dim_empreendimento using (codigo_empreendimento)
order by nome_comercial, mes
