-- Vale mais o que se disse no painel; depois, o arquivo da empresa; por fim, o padrão.
select codigo, nome, recebimento, pagamento, situacao, 'Painel' as origem, 1 as preferencia
from {{ tipos_baixa_do_painel() }}
union all
select codigo, nome, recebimento, pagamento, situacao, 'Arquivo', 2
from {{ ref('tipos_baixa_empresa') }}
union all
select codigo, nome, recebimento, pagamento, situacao, 'Padrão', 3
from {{ ref('tipos_baixa') }}
