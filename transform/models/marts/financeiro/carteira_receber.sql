-- A correção é a que o Sienge calcula pelo indexador de cada parcela; multa e juros, os do contrato ou os ajustados.
with contratos as (
    select codigo_contrato_venda, multa_atraso_percentual, juros_mora_mes_percentual
    from {{ ref('contratos_venda') }}
),

abertas as (
    select
        parcelas.*,
        case
            when dias_atraso > 0 then coalesce(multa_atraso_percentual, {{ ajuste('multa_percentual') }}) else 0
        end as multa_percentual,
        coalesce(juros_mora_mes_percentual, {{ ajuste('juros_mes_percentual') }}) as juros_percentual,
        greatest(data_vencimento - {{ hoje() }}, 0) as dias_a_vencer,
        case faixa_atraso
            when 'Em dia' then {{ ajuste('pdd_em_dia_percentual') }}
            when '1 a 30 dias' then {{ ajuste('pdd_1_a_30_dias_percentual') }}
            when '31 a 60 dias' then {{ ajuste('pdd_31_a_60_dias_percentual') }}
            when '61 a 90 dias' then {{ ajuste('pdd_61_a_90_dias_percentual') }}
            when '91 a 180 dias' then {{ ajuste('pdd_91_a_180_dias_percentual') }}
            when '181 a 360 dias' then {{ ajuste('pdd_181_a_360_dias_percentual') }}
            else {{ ajuste('pdd_mais_de_360_dias_percentual') }}
        end as pdd_percentual
    from {{ ref('fato_parcelas_receber') }} as parcelas
    left join contratos using (codigo_contrato_venda)
    where saldo_bruto > 0 and not documento_previsao
),

atualizadas as (
    select
        *,
        round(saldo * multa_percentual / 100, 2) as multa,
        round(saldo * juros_percentual / 100 * dias_atraso / 30, 2) as juros
    from abertas
)

select
    codigo_empresa,
    numero_titulo,
    codigo_parcela,
    numero_parcela,
    codigo_cliente,
    codigo_contrato_venda,
    codigo_empreendimento,
    nome_indexador,
    data_vencimento,
    dias_atraso,
    faixa_atraso,
    permuta,
    sub_judice,
    saldo_bruto,
    saldo_corrigido - saldo_bruto as correcao,
    saldo_corrigido - saldo as desconto,
    saldo,
    multa,
    juros,
    saldo + multa + juros as valor_atualizado,
    case
        when dias_atraso > 0 then saldo + multa + juros
        else
            round(saldo / (1 + {{ ajuste('taxa_desconto_mes_percentual') }} / 100.0) ^ (dias_a_vencer / 30.0), 2)
    end as valor_presente,
    pdd_percentual,
    round(saldo * pdd_percentual / 100, 2) as valor_pdd
from atualizadas
