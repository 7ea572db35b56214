-- Os números fecham entre si, e onde não fecham?
select
    modelo,
    conferencia,
    valor,
    valor_esperado,
    diferenca,
    chaves_diferentes,
    exemplos,
    situacao
from marts.conferencia
order by situacao desc, modelo, conferencia
