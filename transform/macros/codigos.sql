{# A text that compares without accents, capitals and blanks around. #}
{% macro sem_acento(texto) -%}
    translate(
        lower(btrim({{ texto }})), 'ÁÀÂÃÉÊÍÓÔÕÚÜÇáàâãéêíóôõúüç', 'aaaaeeiooouucaaaaeeiooouuc'
    )
{%- endmacro %}


{# Whether a document is a forecast: by its flag, or by its name. #}
{% macro previsao(indicador, nome) -%}
    (coalesce({{ indicador }} = 'S', false) or coalesce({{ sem_acento(nome) }} like 'previsao%', false))
{%- endmacro %}


{# Whether a condition of payment is in goods: by its code, or by its name. #}
{% macro permuta(codigo, nome) -%}
    (
        coalesce(upper({{ codigo }}) = 'PE', false)
        or coalesce({{ sem_acento(nome) }} ~ '\m(permutas?|dacao|dacoes|bem|bens)\M', false)
    )
{%- endmacro %}


{# Whether a movement only moves money between own accounts, by what it is called. #}
{% macro entre_contas(nome) -%}
    coalesce({{ sem_acento(nome) }} ~ '^(transf|aplica|resgate)', false)
{%- endmacro %}


{# Whether a financial plan, or one above it, is for that. -#}
{% macro plano_entre_contas(caminho) -%}
    coalesce({{ sem_acento(caminho) }} ~ '(^|> )(transf|aplicac(ao|oes) financ|resgate)', false)
{%- endmacro %}


{# The direction of a bank movement; null where nobody knows what the code means. #}
{% macro direcao(codigo) -%}
    case upper({{ codigo }}) when 'E' then 1 when 'INCOME' then 1 when 'S' then -1 when 'EXPENSE' then -1 end
{%- endmacro %}


{# What the codes of units mean; the document has G and O without a meaning. #}
{% macro situacoes_unidade() -%}
    {{- return({
        'D': 'Disponível', 'V': 'Vendida', 'L': 'Locada', 'C': 'Reservada', 'A': 'Reservada',
        'R': 'Reserva técnica', 'E': 'Permuta', 'M': 'Mútuo', 'P': 'Proposta', 'T': 'Transferida',
        'G': 'Outra (G)', 'O': 'Outra (O)'
    }) -}}
{%- endmacro %}


{% macro situacoes_contrato() -%}
    {{- return({'0': 'Solicitado', '1': 'Autorizado', '2': 'Emitido', '3': 'Cancelado'}) -}}
{%- endmacro %}


{# What a code means, and the code itself where nobody knows. #}
{% macro traduzida(codigo, nomes) -%}
    case {{ codigo }}
    {%- for chave, nome in nomes.items() %}
        when '{{ chave }}' then '{{ nome }}'
    {%- endfor %}
        else {{ codigo }}
    end
{%- endmacro %}


{% macro desconhecido(codigo, nomes) -%}
    {{ codigo }} not in ('{{ nomes | join("', '") }}')
{%- endmacro %}
