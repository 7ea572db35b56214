-- O que espera autorização, de que valor, e há quantos dias?
select
    tipo,
    documento,
    nome_comercial as nome_empreendimento,
    nome_credor,
    responsavel,
    valor,
    situacao,
    dias_parado
from marts.aprovacoes_pendentes
left join marts.dim_empreendimento using (codigo_empreendimento)
left join marts.dim_credor using (codigo_credor)
order by dias_parado desc nulls last
