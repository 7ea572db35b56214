-- gerado por make models; não edite
{{ desdobrada('enterprises_details', [['ordem', 'associated_cost_centers']], '
    codigo_empreendimento id bigint
', '
    codigo_centro_custo_associado id bigint
    nome_centro_custo_associado name text
    codigo_empresa companyId bigint
    nome_empresa companyName text
') }}
