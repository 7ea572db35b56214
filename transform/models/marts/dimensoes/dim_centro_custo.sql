select
    codigo_centro_custo,
    nome_centro_custo,
    centros.codigo_empresa,
    nome_empresa,
    centros.cnpj
from {{ ref('centros_custo') }} as centros
left join {{ ref('dim_empresa') }} using (codigo_empresa)
