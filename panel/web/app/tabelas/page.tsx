"use client";

import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { Suspense, useEffect, useState } from "react";
import {
  ago, duration, many, moment, number, plain, STATUS, type Listing, type Reads, type Status, type Table,
} from "@/lib/api";
import { domainsOf, domainTitle, grouped } from "@/lib/domains";
import { useStatus } from "@/lib/shell";
import { SyncButton } from "@/lib/sync";
import { TableView } from "@/lib/table";
import { Mark, Spark, useAsk } from "@/lib/ui";

const COLUMNS: [keyof Table, string, string][] = [
  ["title", "Tabela", ""],
  ["status", "Resultado", "result"],
  ["total", "Registros", "number"],
  ["new", "Novos", "number less"],
  ["deleted", "Excluídos", "number less"],
  ["good", "Atualizada", "when less"],
  ["seconds", "Duração", "number less"],
  ["requests", "Requisições", "number less"],
];

const WARNINGS = 2;

/** The columns that a phone shows, too. */
const SPAN = 4;

const compare = (a: Value, b: Value) =>
  typeof a === "string" ? a.localeCompare(String(b), "pt-BR") : Number(a) - Number(b);

type Value = string | number;

/** All tables, or the one that the address names. */
export default function Page() {
  return (
    <Suspense>
      <View />
    </Suspense>
  );
}

function View() {
  const table = useSearchParams().get("t");
  const { status } = useStatus();
  if (table) return <TableView key={table} table={table.replace(/\W/g, "")} />;
  if (status.tables.length === 0)
    return (
      <>
        <h1>Tabelas</h1>
        <p className="card">As tabelas aparecem aqui depois da primeira sincronização.</p>
      </>
    );
  return <Tables status={status} />;
}

function Tables({ status }: { status: Status }) {
  const [search, setSearch] = useState("");
  const [state, setState] = useState("");
  const [[column, up], setOrder] = useState<[keyof Table, boolean]>(["title", true]);
  const [chosen, setChosen] = useState<string[]>([]);
  const [closed, setClosed] = useState<string[]>([]);
  const { data: listing, problem: unlisted } = useAsk<Listing>("/tables");
  const { data: reads, problem, reload } = useAsk<Reads>("/tables/rows");
  useEffect(() => void reload(), [reload, status.last?.id, status.running]);
  const trend = (table: string) =>
    (reads?.[table] ?? []).filter(({ extent }) => extent === "full").map(({ rows }) => rows ?? 0);

  const domains = domainsOf(listing);
  const text = (table: Table) =>
    plain(`${table.title} ${table.table} ${STATUS[table.status]?.[1]} ${domains.get(table.table)}`);
  const value = (table: Table) => (table[column] ?? (column === "good" ? "" : -1)) as Value;
  const states = Object.keys(STATUS).filter((name) => status.tables.some((table) => table.status === name));
  const shown = status.tables
    .filter((table) => (!state || table.status === state) && text(table).includes(plain(search)))
    .sort((a, b) => compare(value(a), value(b)) * (up ? 1 : -1));
  const names = shown.map(({ table }) => table);
  const all = names.length > 0 && names.every((name) => chosen.includes(name));
  const toggle = (some: string[], on: boolean) =>
    setChosen(on ? [...new Set([...chosen, ...some])] : chosen.filter((name) => !some.includes(name)));

  return (
    <>
      <h1>Tabelas</h1>
      {(unlisted || problem) && <p role="alert" className="note bad">{unlisted || problem}</p>}
      <div className="bar">
        <label className="search">
          <span className="hidden">Procurar tabela</span>
          <input
            type="search"
            placeholder="Procurar por nome ou resultado"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </label>
        <div className="chips" role="group" aria-label="Mostrar só">
          {["", ...states].map((name) => (
            <button
              key={name}
              type="button"
              className="plain small"
              aria-pressed={state === name}
              onClick={() => setState(name)}
            >
              {name ? STATUS[name]?.[1] : "Todas"}{" "}
              {number(name ? status.tables.filter((table) => table.status === name).length : status.tables.length)}
            </button>
          ))}
        </div>
        {chosen.length > 0 && <SyncButton tables={chosen} title={`Sincronizar ${chosen.length} agora`} />}
      </div>
      {shown.length === 0 ? (
        <p className="card" role="status">
          {`Nenhuma tabela ${search ? `com “${search}”` : "assim"}${state ? ` entre as de resultado “${STATUS[state]?.[1]}”` : ""}.`}
        </p>
      ) : (
        <div className="card scroll tables" tabIndex={0} role="region" aria-label="Tabelas">
          <table>
            <thead>
              <tr>
                <td>
                  <input
                    type="checkbox"
                    aria-label="Escolher todas as mostradas"
                    checked={all}
                    onChange={(event) => toggle(names, event.target.checked)}
                  />
                </td>
                {COLUMNS.map(([name, title, kind]) => (
                  <th
                    key={name}
                    scope="col"
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
            {grouped(shown, domains).map(([domain, tables]) => {
              const open = !closed.includes(domain) || search !== "" || state !== "";
              return (
                <tbody key={domain}>
                  <tr className="group">
                    <th scope="rowgroup" colSpan={SPAN}>
                      <button
                        type="button"
                        aria-expanded={open}
                        onClick={() =>
                          setClosed(open ? [...closed, domain] : closed.filter((name) => name !== domain))
                        }
                      >
                        <span aria-hidden="true">{open ? "▾" : "▸"}</span>{" "}
                        {`${domainTitle(domain)} (${many(tables.length, "tabela", "tabelas")})`}
                      </button>
                    </th>
                  </tr>
                  {open &&
                    tables.map((table) => (
                      <tr key={table.table}>
                        <td>
                          <input
                            type="checkbox"
                            aria-label={`Escolher ${table.title}`}
                            checked={chosen.includes(table.table)}
                            onChange={(event) => toggle([table.table], event.target.checked)}
                          />
                        </td>
                        <th scope="row">
                          <Link href={`/tabelas/?t=${table.table}`} prefetch={false}>{table.title}</Link>
                          <small className="less">{table.table}</small>
                        </th>
                        <td>
                          <Mark of={table.status} />
                          {table.error && <small>{table.error}</small>}
                          {table.warnings?.slice(0, WARNINGS).map((warning) => <small key={warning}>{warning}</small>)}
                          {(table.warnings?.length ?? 0) > WARNINGS && (
                            <small>{`E mais ${many((table.warnings?.length ?? 0) - WARNINGS, "aviso", "avisos")}.`}</small>
                          )}
                        </td>
                        <td className="number">
                          {number(table.total)}
                          <Spark title={`Registros de ${table.title} nas últimas leituras`} values={trend(table.table)} />
                        </td>
                        <td className="number less">{number(table.new)}</td>
                        <td className="number less">{number(table.deleted)}</td>
                        <td className="when less" title={moment(table.good)}>
                          {table.live ? ago(table.good) : moment(table.good)}
                        </td>
                        <td className="number less">{duration(table.seconds)}</td>
                        <td className="number less">{number(table.requests)}</td>
                      </tr>
                    ))}
                </tbody>
              );
            })}
          </table>
        </div>
      )}
      {shown.some((table) => table.status === "ok" && table.deleted === null) && (
        <small>
          Excluídos “—”: a última leitura pediu só as alterações, entre as quais o Sienge não conta exclusões. Elas
          aparecem na próxima leitura completa.
        </small>
      )}
    </>
  );
}
