select
    codigo_empreendimento,
    nome_empreendimento,
    coalesce(nome_comercial, nome_empreendimento) as nome_comercial,
    {{ nome_unico('coalesce(nome_comercial, nome_empreendimento)', 'codigo_empreendimento') }} as nome_unico,
    case tipo_empreendimento
        when '1' then 'Obra e centro de custo'
        when '2' then 'Obra'
        when '3' then 'Centro de custo'
        when '4' then 'Centro de custo associado a obra'
        else tipo_empreendimento
    end as tipo_empreendimento,
    descricao_tipo_obra as tipo_obra,
    codigo_empresa,
    nome_empresa,
    cnpj,
    endereco_completo as endereco,
    data_cadastro
from {{ ref('empreendimentos') }}
