with enderecos as (
    select distinct on (codigo_cliente) codigo_cliente, bairro, municipio, estado, cep
    from {{ ref('clientes_enderecos') }}
    order by codigo_cliente, endereco_correspondencia desc nulls last, ordem
),

telefones as (
    select distinct on (codigo_cliente) codigo_cliente, numero_telefone
    from {{ ref('clientes_telefones') }}
    where numero_telefone is not null
    order by codigo_cliente, telefone_principal desc nulls last, ordem
)

select
    codigo_cliente,
    nome_cliente,
    {{ nome_unico('nome_cliente', 'codigo_cliente') }} as nome_unico,
    case tipo_pessoa
        when 'F' then 'Física' when 'J' then 'Jurídica' else tipo_pessoa
    end as tipo_pessoa,
    coalesce(cpf, cnpj) as cpf_cnpj,
    tipo_cliente,
    email,
    numero_telefone as telefone,
    bairro,
    municipio,
    estado,
    cep,
    data_nascimento,
    estado_civil,
    profissao,
    data_cadastro
from {{ ref('clientes') }}
left join enderecos using (codigo_cliente)
left join telefones using (codigo_cliente)
