-- gerado por make models; não edite
{{ desdobrada('supply_contracts', 'buildings', [
    ['codigo_documento', 'document_id', 'text'],
    ['numero_contrato', 'contract_number', 'text'],
], [
    ['codigo_obra', 'buildingId', 'bigint'],
    ['nome_obra', 'name', 'text'],
]) }}
