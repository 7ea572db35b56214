{# A key of more than one column; the optional ones may be null. #}
{% test chave(model, colunas, opcionais=[]) %}
select {{ (colunas + opcionais) | join(', ') }}
from {{ model }}
group by {{ (colunas + opcionais) | join(', ') }}
having count(*) > 1 or {% for coluna in colunas %}{{ coluna }} is null{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}


{# When a table was last read in full or found unchanged; what nobody chose or may read is never late. #}
{% macro ultima_leitura(tabela) %}
select
    case
        when count(*) filter (where status <> 'skipped') = 0 then now()
        else max(finished_at) filter (where status = 'ok') at time zone 'America/Sao_Paulo'
    end
from {{ source('sienge', 'sync_log') }}
where stream = '{{ tabela }}'
{% endmacro %}
