{# A key of more than one column. #}
{% test chave(model, colunas) %}
select {{ colunas | join(', ') }}
from {{ model }}
group by {{ colunas | join(', ') }}
having count(*) > 1 or {% for coluna in colunas %}{{ coluna }} is null{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}
