-- gerado por make models; não edite
{{ desdobrada('creditors', [['ordem', 'contacts']], '
    codigo_credor id bigint
', '
    ddd ddd text
    email_contato email text
    ramal extension text
    msn_contato msn text
    nome_contato name text
    telefone_contato number text
    skype_contato skype text
') }}
