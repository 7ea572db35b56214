{# A key of more than one column; the optional ones may be null. #}
{% test chave(model, colunas, opcionais=[]) %}
select {{ (colunas + opcionais) | join(', ') }}
from {{ model }}
group by {{ (colunas + opcionais) | join(', ') }}
having count(*) > 1 or {% for coluna in colunas %}{{ coluna }} is null{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}
