-- gerado por make models; não edite
{{ desdobrada('bulk_bank_movement', [['ordem', 'departament_costs']], '
    key _key text
', '
    codigo_departamento id bigint
    nome_departamento name text
    percentual_apropriado rate numeric
') }}
