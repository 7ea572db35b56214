-- Que compras estão paradas, em que etapa, e quem deve agir?
select
    etapa,
    aguarda,
    aguarda_quem,
    count(*) as itens,
    sum(valor) as valor,
    round(avg(dias_aguardando)) as dias_em_media,
    max(dias_aguardando) as dias_no_maximo
from marts.suprimentos_funil
where aguarda is not null
group by etapa, aguarda, aguarda_quem
order by dias_no_maximo desc nulls last, valor desc
