select
    codigo_credor,
    nome_credor,
    {{ nome_unico('nome_credor', 'codigo_credor') }} as nome_unico,
    nome_fantasia,
    coalesce(cnpj, cpf) as cpf_cnpj,
    credor_ativo as ativo,
    indicador_fornecedor = 'S' as fornecedor,
    indicador_corretor = 'S' as corretor,
    indicador_colaborador = 'S' as colaborador,
    enquadramento_tributario,
    municipio,
    data_cadastro
from {{ ref('credores') }}
