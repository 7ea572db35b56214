select
    codigo_plano_financeiro,
    nome_plano_financeiro,
    case tipo_conta when 'T' then 'Totalizadora' when 'R' then 'Resultado' else tipo_conta end as tipo_conta,
    indicador_conta_redutora = 'S' as redutora,
    indicador_conta_ativa = 'S' as ativa,
    indicador_adiantamento = 'S' as adiantamento,
    indicador_imposto = 'S' as imposto
from {{ ref('planos_financeiros') }}
