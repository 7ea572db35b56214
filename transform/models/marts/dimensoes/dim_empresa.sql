select
    codigo_empresa,
    razao_social,
    coalesce(nome_fantasia, razao_social) as nome_empresa,
    {{ nome_unico('coalesce(nome_fantasia, razao_social)', 'codigo_empresa') }} as nome_unico,
    cnpj
from {{ ref('empresas') }}
