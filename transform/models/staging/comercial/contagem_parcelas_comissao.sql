-- gerado por make models; não edite
{{ preparada('commissions_count_filters', '
    total_parcelas all bigint
    parcelas_pagas paid bigint
    parcelas_canceladas cancelled bigint
    parcelas_aguardando_autorizacao awaiting_authorization bigint
    parcelas_aguardando_liberacao awaiting_release bigint
    parcelas_liberadas released bigint
    key _key text
    extra _extra jsonb
') }}
