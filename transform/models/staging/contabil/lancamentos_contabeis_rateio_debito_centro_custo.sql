-- gerado por make models; não edite
{{ desdobrada('accountancy_entries', [['ordem', 'cost_center_debit_list']], '
    codigo_empresa company_id bigint
    codigo_lancamento id bigint
', '
    codigo_centro_custo costCenterId bigint
    valor_rateado_debito amount numeric
') }}
