-- gerado por make models; não edite
{{ preparada('bills_departments_cost', '
    numero_titulo bill_id bigint
    codigo_departamento department_id bigint
    nome_departamento department_name text
    percentual_apropriado percentage numeric
    extra _extra jsonb
') }}
