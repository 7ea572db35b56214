-- O código de uma conta começa pelo da conta acima, com dois dígitos a mais: 1, 101, 10101, 1010101.
with contas as (
    select *, codigo_plano_financeiro::text as codigo
    from {{ ref('planos_financeiros') }}
),

caminhos as (
    select
        contas.codigo_plano_financeiro,
        acima.codigo_plano_financeiro as codigo_acima,
        acima.nome_plano_financeiro as nome,
        row_number() over (partition by contas.codigo_plano_financeiro order by length(acima.codigo)) as nivel,
        row_number() over (partition by contas.codigo_plano_financeiro order by length(acima.codigo) desc) as distancia
    from contas
    inner join contas as acima
        on
            starts_with(contas.codigo, acima.codigo)
            and mod(length(contas.codigo) - length(acima.codigo), 2) = 0
),

niveis as (
    select
        codigo_plano_financeiro,
        max(nivel)::int as nivel,
        max(codigo_acima) filter (where distancia = 2) as codigo_pai,
        max(codigo_acima) filter (where nivel = 1) as codigo_nivel_1,
        max(nome) filter (where nivel = 1) as nome_nivel_1,
        max(codigo_acima) filter (where nivel = 2) as codigo_nivel_2,
        max(nome) filter (where nivel = 2) as nome_nivel_2,
        max(codigo_acima) filter (where nivel = 3) as codigo_nivel_3,
        max(nome) filter (where nivel = 3) as nome_nivel_3,
        string_agg(nome, ' > ' order by nivel) as caminho
    from caminhos
    group by codigo_plano_financeiro
)

select
    codigo_plano_financeiro,
    nome_plano_financeiro,
    {{ nome_unico('nome_plano_financeiro', 'codigo_plano_financeiro') }} as nome_unico,
    nivel,
    codigo_pai,
    codigo_nivel_1,
    nome_nivel_1,
    codigo_nivel_2,
    nome_nivel_2,
    codigo_nivel_3,
    nome_nivel_3,
    caminho,
    case tipo_conta when 'T' then 'Totalizadora' when 'R' then 'Resultado' else tipo_conta end as tipo_conta,
    indicador_conta_redutora = 'S' as redutora,
    indicador_conta_ativa = 'S' as ativa,
    indicador_adiantamento = 'S' as adiantamento,
    indicador_imposto = 'S' as imposto
from contas
inner join niveis using (codigo_plano_financeiro)
