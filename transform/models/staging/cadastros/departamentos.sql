-- gerado por make models; não edite
{{ preparada('departments', '
    codigo_departamento department_id bigint
    nome_departamento department_name text
    extra _extra jsonb
') }}
