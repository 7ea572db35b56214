-- Uma resposta só: as parcelas de comissão onde há linhas; senão, as parcelas das comissões de venda.
with vendas as (
    select codigo_comissao, codigo_contrato_venda, codigo_corretor, codigo_cliente, numero_titulo, tipo_comissao
    from {{ ref('comissoes_venda') }}
),

parcelas as (
    select
        codigo_comissao,
        numero_parcela,
        quantidade_parcelas,
        parcelas.codigo_corretor,
        nome_corretor,
        codigo_contrato_venda,
        numero_contrato_venda as numero_contrato,
        parcelas.codigo_empreendimento,
        parcelas.codigo_cliente,
        numero_titulo_pagar as numero_titulo,
        data_vencimento,
        valor_parcela as valor,
        case situacao_parcela
            when 'PAID' then 'Paga'
            when 'CANCELLED' then 'Cancelada'
            when 'RELEASED' then 'Liberada'
            when 'AWAITING_RELEASE' then 'Aguarda liberação'
            when 'AWAITING_AUTHORIZATION' then 'Aguarda autorização'
            else situacao_parcela
        end as situacao
    from {{ ref('parcelas_comissao') }} as parcelas
    left join vendas using (codigo_comissao)
    union all
    select
        codigo_comissao,
        numero_parcela,
        count(*) over (partition by codigo_comissao),
        vendas.codigo_corretor,
        nome_credor,
        codigo_contrato_venda,
        numero_contrato,
        codigo_empreendimento,
        vendas.codigo_cliente,
        numero_titulo,
        data_vencimento,
        valor_parcela,
        case situacao_parcela
            when 'Totalmente paga' then 'Paga'
            when 'Autorizada' then 'Aguarda liberação'
            when 'Aguardando autorização' then 'Aguarda autorização'
            else situacao_parcela
        end
    from {{ ref('comissoes_venda_parcelas') }}
    inner join vendas using (codigo_comissao)
    left join {{ ref('contratos_venda') }} using (codigo_contrato_venda)
    left join {{ ref('dim_credor') }} on vendas.codigo_corretor = codigo_credor
    where not exists (select 1 from {{ ref('parcelas_comissao') }})
)

select
    codigo_comissao,
    numero_parcela,
    quantidade_parcelas,
    codigo_corretor,
    nome_corretor,
    codigo_contrato_venda,
    numero_contrato,
    codigo_empreendimento,
    codigo_cliente,
    numero_titulo,
    data_vencimento,
    situacao,
    valor,
    case when situacao = 'Paga' then valor else 0 end as valor_pago,
    case when situacao = 'Cancelada' then valor else 0 end as valor_cancelado,
    case when situacao is null or situacao not in ('Paga', 'Cancelada') then valor else 0 end as valor_a_pagar,
    case when situacao = 'Liberada' then valor else 0 end as valor_liberado,
    case
        when situacao in ('Paga', 'Cancelada') then 0 else greatest({{ hoje() }} - data_vencimento, 0)
    end as dias_atraso
from parcelas
