-- gerado por make models; não edite
{{ preparada('bulk_business_budget', '
    codigo_orcamento_empresarial id bigint
    data_inicial start_date date
    data_final end_date date
    data_base base_date date
    descricao_orcamento_empresarial description text
    tipo_orcamento budget_type text
    visao_orcamento vision text
    codigo_empresa company_id bigint
    nome_empresa company_name text
    codigo_centro_custo cost_center_id bigint
    nome_centro_custo cost_center_name text
    codigo_departamento department_id bigint
    nome_departamento department_name text
    numero_versao version_number bigint
    descricao_versao version_description text
    codigo_plano_financeiro payment_category_id text
    descricao_plano_financeiro payment_category_description text
    tipo_conta type text
    observacoes notes text
    extra _extra jsonb
') }}
