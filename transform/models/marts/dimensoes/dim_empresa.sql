select
    codigo_empresa,
    razao_social,
    coalesce(nome_fantasia, razao_social) as nome_empresa,
    cnpj
from {{ ref('empresas') }}
