-- gerado por make models; não edite
{{ preparada('purchase_invoices_items_buildings_appropriations', '
    numero_sequencial_nota_fiscal sequential_number bigint
    numero_item_nota_fiscal item_number bigint
    codigo_unidade_construtiva building_unit_id bigint
    codigo_item_orcamento sheet_item_id text
    percentual_apropriado percentage numeric
    key _key text
    extra _extra jsonb
') }}
