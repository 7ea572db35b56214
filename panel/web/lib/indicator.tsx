"use client";

import { many, moment, money, number, type Figures, type Indicator } from "@/lib/api";
import { Chart, compact, day, month, useNear } from "@/lib/drawing";
import { Details, useAsk } from "@/lib/ui";

type Cell = string | number | null;

/** How a person here writes a value of each kind. */
function written(kind: string, value: Cell): string {
  if (value === null) return "—";
  if (kind === "reais") return money(Number(value));
  if (kind === "percentual") return `${number(Number(value))}%`;
  if (kind === "inteiro") return number(Number(value));
  if (kind === "mes") return month(String(value));
  return kind === "data" ? day(String(value)) : String(value);
}

const NOT_BY = { company: "empresa", development: "empreendimento" } as const;

/** Months without a sale are months, too: those that the query does not tell are zeros. */
function filled(rows: Cell[][], width: number, since: string, until: string): Cell[][] {
  const known = new Map(rows.map((row) => [row[0], row]));
  const found: Cell[][] = [];
  for (const when = new Date(since); when <= new Date(until); when.setUTCMonth(when.getUTCMonth() + 1)) {
    const text = when.toISOString().slice(0, 10);
    found.push(known.get(text) ?? [text, ...Array<Cell>(width - 1).fill(0)]);
  }
  return found;
}

/** How old the figures are, and what is missing in them. */
function freshness({ fresh, missing }: Figures): string {
  const when = fresh ? `Dados de ${moment(fresh)}.` : "Ainda sem uma leitura completa.";
  if (missing.length === 0) return when;
  return `${when} ${many(missing.length, "tabela não está completa", "tabelas não estão completas")}: ${missing.slice(0, 3).join(", ")}.`;
}

/** Those that are seen are asked for first, the others soon after: a slow phone draws one at a time. */
const SOON = 1500;
const ONE = 200;

export function IndicatorCard({
  indicator,
  place,
  query,
  chosen,
}: {
  indicator: Indicator;
  place: number;
  query: string;
  chosen: { company: boolean; development: boolean };
}) {
  const { id, title, definition, columns, chart, drawn, kind, by } = indicator;
  const [card, near] = useNear<HTMLElement>("100px", SOON + ONE * place);
  const { data, problem, of, old } = useAsk<Figures>(near ? `/indicators/${id}?${query}` : "");
  const ignored = (["company", "development"] as const).filter((name) => chosen[name] && !by.includes(name));
  const period = new URLSearchParams(of.split("?")[1]);
  const monthly = by.includes("period") && kind !== "percentual" && data?.rows.length;
  const rows = monthly
    ? filled(data.rows, columns.length, period.get("since") ?? "", period.get("until") ?? "")
    : (data?.rows ?? []);
  const points = rows.map((row) => Object.fromEntries(columns.map(({ name }, place) => [name, row[place] ?? null])));
  const series = columns.filter(({ name }) => drawn.includes(name));
  const unit = series[0]?.kind ?? "inteiro";

  return (
    <section ref={card} className="card indicator" aria-labelledby={`indicador-${id}`} aria-busy={old && data !== null}>
      <h2 id={`indicador-${id}`}>{title}</h2>
      <p>
        <strong className="figure">{data ? written(kind, data.number) : problem ? "—" : "…"}</strong>
        <small>
          {indicator.number}
          {ignored.length > 0 && `, sem separar por ${ignored.map((name) => NOT_BY[name]).join(" e ")}`}
        </small>
      </p>
      {problem ? (
        <p className="drawing empty" role="alert">{problem}</p>
      ) : !data ? (
        <div className="drawing" />
      ) : rows.length === 0 ? (
        <p className="drawing empty">Nada com estes filtros.</p>
      ) : (
        <Chart
          label={title}
          points={points}
          over={columns[0]?.name ?? ""}
          series={series}
          kind={chart}
          tick={columns[0]?.kind === "texto" ? undefined : (text) => written(columns[0]?.kind ?? "", text)}
          amount={(value) => written(unit, value)}
          short={(value) => (unit === "percentual" ? `${compact(value)}%` : compact(value))}
        />
      )}
      <small>{definition}</small>
      <Details summary={<>Os números<span className="hidden">{` de ${title}`}</span></>}>
        <Numbers title={title} columns={columns} rows={rows} />
      </Details>
      <Details summary={<>A consulta<span className="hidden">{` de ${title}`}</span></>}>
        <pre tabIndex={0} role="region" aria-label={`Consulta: ${title}`}>{data?.query}</pre>
      </Details>
      <div className="row apart">
        <small>{data ? freshness(data) : problem ? "" : "…"}</small>
        <a href={`/api/indicators/${id}/data.csv?${query}`} download aria-label={`Baixar em CSV: ${title}`}>CSV</a>
      </div>
    </section>
  );
}

function Numbers({ title, columns, rows }: { title: string; columns: Indicator["columns"]; rows: Cell[][] }) {
  return (
    <div className="wide scroll" tabIndex={0} role="region" aria-label={`Números: ${title}`}>
      <table>
        <thead>
          <tr>
            {columns.map((column, place) => (
              <th key={column.name} scope="col" className={place ? "number" : ""}>{column.title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, line) => (
            <tr key={line}>
              {columns.map((column, place) =>
                place === 0 ? (
                  <th key={column.name} scope="row">{written(column.kind, row[place] ?? null)}</th>
                ) : (
                  <td key={column.name} className="number">{written(column.kind, row[place] ?? null)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
