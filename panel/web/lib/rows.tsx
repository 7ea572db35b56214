"use client";

import { useState, type FormEvent } from "react";
import { number, type About, type Rows } from "@/lib/api";
import { useAsk } from "@/lib/ui";

const OPS = [
  ["contains", "contém"],
  ["eq", "é igual a"],
  ["from", "a partir de"],
  ["to", "até"],
  ["empty", "está vazia"],
] as const;

type Wish = { column: string; op: string; value: string; sort: string; down: boolean };

const DATE = /^(\d{4})-(\d\d)-(\d\d)/;

/** How a person here writes what the database wrote. */
function written(kind: string, text: string | null): string {
  if (text === null) return "";
  if (kind === "data" || kind === "data e hora") return text.replace(DATE, "$3/$2/$1").slice(0, 19);
  if (kind === "número") return text.replace(".", ",");
  if (kind === "sim/não") return { true: "sim", false: "não" }[text] ?? text;
  return text;
}

/** The first rows of a table, as a filter and an order want them. */
export function FirstRows({ about }: { about: About }) {
  const [wish, setWish] = useState<Wish>({ column: "", op: "contains", value: "", sort: "", down: false });
  const [op, setOp] = useState("contains");
  const query = new URLSearchParams({ ...wish, down: String(wish.down) });
  const { data, problem, old } = useAsk<Rows>(`/tables/${about.table}/rows?${query}`);
  const [fixed, setFixed] = useState(0);
  const open = about.columns.filter(({ hidden }) => !hidden);
  const columns = new Map(about.columns.map((column) => [column.name, column]));
  const asked = wish.column || wish.sort;

  const filter = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const column = String(given.get("column"));
    setWish({ ...wish, column, op: column ? op : "contains", value: String(given.get("value") ?? "") });
  };
  const sort = (name: string) => setWish({ ...wish, sort: name, down: wish.sort === name && !wish.down });

  return (
    <section className="card">
      <h2>Primeiras linhas</h2>
      <form key={fixed} className="filters" onSubmit={filter}>
        <label>
          Coluna
          <select name="column" defaultValue="">
            <option value="">Todas as linhas</option>
            {open.map(({ name, title }) => <option key={name} value={name}>{`${title} (${name})`}</option>)}
          </select>
        </label>
        <label>
          Condição
          <select name="op" value={op} onChange={(event) => setOp(event.target.value)}>
            {OPS.map(([name, title]) => <option key={name} value={name}>{title}</option>)}
          </select>
        </label>
        {op !== "empty" && (
          <label>
            Valor
            <input name="value" maxLength={200} autoComplete="off" />
          </label>
        )}
        <div className="row">
          <button type="submit" className="plain">Filtrar</button>
          {asked && (
            <button
              type="button"
              className="plain"
              onClick={() => {
                setWish({ column: "", op: "contains", value: "", sort: "", down: false });
                setOp("contains");
                setFixed(fixed + 1);
              }}
            >
              Limpar
            </button>
          )}
        </div>
      </form>
      <p role="status" className={problem ? "note bad" : ""}>
        {problem || (data && !old ? told(data, asked !== "") : "Carregando…")}
      </p>
      {!data && !problem && <div className="scroll rows-space" />}
      {data && !problem && data.rows.length > 0 && (
        <div className="wide scroll high" tabIndex={0} role="region" aria-label="Linhas da tabela" aria-busy={old}>
          <table className="data">
            <thead>
              <tr>
                {data.columns.map((name) => {
                  const column = columns.get(name);
                  const sorted = wish.sort === name;
                  return (
                    <th key={name} scope="col" aria-sort={sorted ? (wish.down ? "descending" : "ascending") : undefined}>
                      {column?.hidden ? (
                        <span title={column.title}>{name}</span>
                      ) : (
                        <button type="button" title={column?.title} onClick={() => sort(name)}>
                          {name}
                          {sorted && <span aria-hidden="true">{wish.down ? " ↓" : " ↑"}</span>}
                        </button>
                      )}
                    </th>
                  );
                })}
              </tr>
            </thead>
            <tbody>
              {data.rows.map((row, line) => (
                <tr key={line}>
                  {data.columns.map((name, place) => (
                    <td key={name} className={/número|inteiro/.test(columns.get(name)?.kind ?? "") ? "number" : ""}>
                      {written(columns.get(name)?.kind ?? "", row[place] ?? null)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function told({ rows, whole, sample }: Rows, asked: boolean): string {
  const where = asked && !whole ? ` entre as primeiras ${number(sample)} linhas; as outras não foram olhadas` : "";
  if (rows.length === 0) return asked ? `Nenhuma linha assim${where}.` : "A tabela está vazia.";
  return `${number(rows.length)} ${rows.length === 1 ? "linha" : "linhas"}${rows.length === 50 ? ", as primeiras" : ""}${where}.`;
}
