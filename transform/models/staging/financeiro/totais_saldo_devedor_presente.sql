-- gerado por make models; não edite
{{ preparada('total_current_debit_balance', '
    codigo_cliente customer_id bigint
    valor_original_total total_original_value numeric
    valor_corrigido_total total_adjusted_value numeric
    valor_total_acrescimos total_additional_value numeric
    valor_total_saldo_devedor_presente total_current_debit_balance_value numeric
    extra _extra jsonb
') }}
