-- gerado por make models; não edite
{{ desdobrada('bulk_sales', [['ordem_clientes_contrato', 'customers'], ['ordem', 'phones']], '
    codigo_contrato_venda id bigint
', '
    tipo_telefone type text
    numero_telefone number text
    telefone_principal main boolean
    observacao_telefone note text
    ddi idd text
') }}
