-- gerado por make models; não edite
{{ desdobrada('construction_daily_report', 'shifts', [
    ['codigo_obra', 'building_id', 'bigint'],
    ['codigo_diario_obra', 'id', 'bigint'],
], [
    ['turno', 'description', 'text'],
]) }}
