"use client";

import { useEffect, useState } from "react";
import { duration, moment, number, plain, STATUS, type Reads, type Table } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { SyncButton } from "@/lib/sync";
import { Mark, Spark, useAsk } from "@/lib/ui";

const COLUMNS: [keyof Table, string, string][] = [
  ["title", "Tabela", ""],
  ["status", "Resultado", ""],
  ["total", "Registros", "number"],
  ["new", "Novos", "number less"],
  ["deleted", "Excluídos", "number less"],
  ["good", "Atualizada", "when"],
  ["seconds", "Duração", "number less"],
  ["requests", "Requisições", "number less"],
];

const compare = (a: Value, b: Value) =>
  typeof a === "string" ? a.localeCompare(String(b), "pt-BR") : Number(a) - Number(b);

type Value = string | number;

export default function Tables() {
  const { status } = useStatus();
  const [search, setSearch] = useState("");
  const [[column, up], setOrder] = useState<[keyof Table, boolean]>(["title", true]);
  const [chosen, setChosen] = useState<string[]>([]);
  const { data: reads, reload } = useAsk<Reads>("/tables/rows");
  useEffect(() => void reload(), [reload, status.last?.id, status.running]);
  const trend = (table: string) =>
    (reads?.[table] ?? []).filter(({ extent }) => extent === "full").map(({ rows }) => rows ?? 0);
  const text = (table: Table) => plain(`${table.title} ${table.table} ${STATUS[table.status]?.[1]}`);
  const value = (table: Table) => (table[column] ?? (column === "good" ? "" : -1)) as Value;
  const shown = status.tables
    .filter((table) => text(table).includes(plain(search)))
    .sort((a, b) => compare(value(a), value(b)) * (up ? 1 : -1));

  if (status.tables.length === 0)
    return (
      <>
        <h1>Tabelas</h1>
        <p className="card">As tabelas aparecem aqui depois da primeira sincronização.</p>
      </>
    );

  return (
    <>
      <h1>Tabelas</h1>
      <div className="row apart">
        <label className="search">
          <span className="hidden">Procurar tabela</span>
          <input
            type="search"
            placeholder="Procurar por nome ou resultado"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </label>
        {chosen.length > 0 && <SyncButton tables={chosen} title={`Sincronizar ${chosen.length} agora`} />}
      </div>
      <div className="card wide" tabIndex={0} role="region" aria-label="Tabelas">
        <table>
          <thead>
            <tr>
              <td />
              {COLUMNS.map(([name, title, kind]) => (
                <th
                  key={name}
                  className={kind}
                  aria-sort={column === name ? (up ? "ascending" : "descending") : undefined}
                >
                  <button type="button" onClick={() => setOrder([name, column === name ? !up : true])}>
                    {title}
                    {column === name && <span aria-hidden="true">{up ? " ↑" : " ↓"}</span>}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((table) => (
              <tr key={table.table}>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Escolher ${table.title}`}
                    checked={chosen.includes(table.table)}
                    onChange={(event) =>
                      setChosen(
                        event.target.checked
                          ? [...chosen, table.table]
                          : chosen.filter((name) => name !== table.table),
                      )
                    }
                  />
                </td>
                <th scope="row">
                  {table.title}
                  <small className="less">{table.table}</small>
                </th>
                <td>
                  <Mark of={table.status} />
                  {table.error && <small>{table.error}</small>}
                  {table.warnings?.map((warning) => <small key={warning}>{warning}</small>)}
                </td>
                <td className="number">
                  {number(table.total)}
                  <Spark title={`Registros de ${table.title} nas últimas leituras`} values={trend(table.table)} />
                </td>
                <td className="number less">{number(table.new)}</td>
                <td className="number less">{number(table.deleted)}</td>
                <td className="when">{moment(table.good)}</td>
                <td className="number less">{duration(table.seconds)}</td>
                <td className="number less">{number(table.requests)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.some((table) => table.status === "ok" && table.deleted === null) && (
        <small>
          Excluídos “—”: a última leitura pediu só as alterações, entre as quais o Sienge não conta exclusões. Elas
          aparecem na próxima leitura completa.
        </small>
      )}
    </>
  );
}
