select
    dia::date as data,
    extract(year from dia)::int as ano,
    extract(quarter from dia)::int as trimestre,
    extract(month from dia)::int as mes,
    (
        '{janeiro,fevereiro,março,abril,maio,junho,julho,agosto,setembro,outubro,novembro,dezembro}'::text[]
    )[extract(month from dia)::int] as nome_mes,
    to_char(dia, 'YYYY-MM') as ano_mes,
    date_trunc('month', dia)::date as primeiro_dia_mes,
    extract(day from dia)::int as dia,
    (
        '{segunda-feira,terça-feira,quarta-feira,quinta-feira,sexta-feira,sábado,domingo}'::text[]
    )[extract(isodow from dia)::int] as dia_semana,
    extract(isodow from dia) >= 6 as fim_de_semana
from generate_series(timestamp '1990-01-01', timestamp '2070-12-31', interval '1 day') as dias (dia)
