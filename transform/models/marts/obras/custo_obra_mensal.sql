-- Uma resposta só: das parcelas do BULK onde há; senão, dos títulos, pelo REST, na data de emissão.
with apropriados as (
    select
        codigo_obra,
        coalesce(data_competencia, data_emissao, data_vencimento) as data,
        (valor_original - valor_desfeito) * percentual_apropriado / 100 as valor
    from {{ ref('parcelas_pagar_apropriacoes_obra') }}
    inner join {{ ref('fato_contas_pagar') }} using (codigo_empresa, numero_titulo, codigo_parcela)
    where not documento_previsao
    union all
    select codigo_obra, data_emissao, valor_bruto_titulo * percentual_apropriado / 100
    from {{ ref('apropriacoes_obra_titulos_pagar') }}
    inner join {{ ref('titulos_pagar') }} using (numero_titulo)
    left join {{ ref('documentos') }} as documentos using (codigo_documento)
    where
        not {{ previsao('null', 'documentos.nome_documento') }}
        and not exists (select 1 from {{ ref('parcelas_pagar') }})
)

select
    codigo_obra as codigo_empreendimento,
    date_trunc('month', data)::date as mes,
    round(sum(valor), 2) as valor
from apropriados
where data is not null
group by 1, 2
