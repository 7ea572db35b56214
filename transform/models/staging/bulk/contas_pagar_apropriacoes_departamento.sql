-- gerado por make models; não edite
{{ desdobrada('bulk_outcome_by_bills', [['ordem', 'departaments_costs']], '
    codigo_empresa company_id bigint
    numero_titulo bill_id bigint
    codigo_parcela installment_id bigint
', '
    codigo_departamento id bigint
    nome_departamento name text
    percentual_apropriado rate numeric
') }}
