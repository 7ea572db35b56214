-- Uma resposta só: os saldos do BULK onde há linhas dele; senão, os consolidados; senão, o balancete de verificação.
with saldos as (
    select
        codigo_empresa, codigo_reduzido_conta, codigo_contabil_conta, {{ mes_de('mes_ano_mm_aaaa') }} as mes,
        saldo_anterior, natureza_saldo_anterior, total_debitos, total_creditos, saldo_final, natureza_saldo_final
    from {{ ref('saldos_contas_contabeis') }}
    union all
    select
        codigo_empresa, codigo_reduzido_conta, codigo_contabil_conta, {{ mes_de('mes_ano_mm_aaaa') }},
        saldo_anterior, natureza_saldo_anterior, total_debitos, total_creditos, saldo_final, natureza_saldo_final
    from {{ ref('saldos_contabeis_consolidados') }}
    where not exists (select 1 from {{ ref('saldos_contas_contabeis') }})
    union all
    select
        codigo_empresa, codigo_reduzido_conta, codigo_contabil_conta, date_trunc('month', data_inicial_periodo)::date,
        valor_saldo_anterior, natureza_saldo_anterior, total_debitos, total_creditos, valor_saldo_atual,
        natureza_saldo_atual
    from {{ ref('balancete_verificacao') }}
    where
        not exists (select 1 from {{ ref('saldos_contas_contabeis') }})
        and not exists (select 1 from {{ ref('saldos_contabeis_consolidados') }})
)

select
    codigo_empresa,
    mes,
    codigo_reduzido_conta,
    saldos.codigo_contabil_conta,
    nome_conta,
    case tipo_conta
        when 'ANALYTICAL' then 'Analítica' when 'SYNTHETIC' then 'Sintética' else tipo_conta
    end as tipo_conta,
    {{ devedor('saldo_anterior', 'natureza_saldo_anterior') }} as saldo_anterior,
    coalesce(total_debitos, 0) as debitos,
    coalesce(total_creditos, 0) as creditos,
    {{ devedor('saldo_final', 'natureza_saldo_final') }} as saldo_final
from saldos
left join {{ ref('contas_contabeis') }} using (codigo_empresa, codigo_reduzido_conta)
