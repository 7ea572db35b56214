{% snapshot historico_unidades %}
{{ config(unique_key='codigo_unidade') }}
select
    codigo_unidade,
    nome_unidade,
    codigo_empreendimento,
    situacao,
    valor_avaliado,
    codigo_contrato
from {{ ref('dim_unidade') }}
{% endsnapshot %}
