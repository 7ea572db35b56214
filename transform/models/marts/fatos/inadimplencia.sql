select
    codigo_empresa,
    codigo_empreendimento,
    codigo_cliente,
    count(*) as parcelas_vencidas,
    sum(saldo) as saldo_vencido,
    sum(saldo_corrigido) as saldo_corrigido,
    coalesce(sum(saldo) filter (where dias_atraso <= 30), 0) as de_1_a_30_dias,
    coalesce(sum(saldo) filter (where dias_atraso between 31 and 60), 0) as de_31_a_60_dias,
    coalesce(sum(saldo) filter (where dias_atraso between 61 and 90), 0) as de_61_a_90_dias,
    coalesce(sum(saldo) filter (where dias_atraso between 91 and 180), 0) as de_91_a_180_dias,
    coalesce(sum(saldo) filter (where dias_atraso between 181 and 360), 0) as de_181_a_360_dias,
    coalesce(sum(saldo) filter (where dias_atraso > 360), 0) as mais_de_360_dias,
    max(dias_atraso) as maior_atraso_dias,
    min(data_vencimento) as vencimento_mais_antigo
from {{ ref('fato_parcelas_receber') }}
where situacao = 'Vencida' and not documento_previsao
group by codigo_empresa, codigo_empreendimento, codigo_cliente
