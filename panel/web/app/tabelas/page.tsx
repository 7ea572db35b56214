"use client";

import { useState } from "react";
import { moment, number, STATUS, type Table } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { SyncButton } from "@/lib/sync";

const COLUMNS: [keyof Table, string][] = [
  ["table", "Tabela"],
  ["status", "Resultado"],
  ["total", "Registros"],
  ["good", "Atualizada em"],
  ["seconds", "Segundos"],
  ["requests", "Requisições"],
];

export default function Tables() {
  const { status } = useStatus();
  const [search, setSearch] = useState("");
  const [order, setOrder] = useState<[keyof Table, boolean]>(["table", true]);
  const [chosen, setChosen] = useState<string[]>([]);
  const [column, up] = order;
  const value = (table: Table) => table[column] ?? "";
  const shown = status.tables
    .filter((table) => table.table.includes(search.trim().toLowerCase()))
    .sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0) * (up ? 1 : -1));

  return (
    <>
      <h1>Tabelas</h1>
      <label className="search">
        Procurar tabela
        <input type="search" value={search} onChange={(event) => setSearch(event.target.value)} />
      </label>
      {chosen.length > 0 && <SyncButton tables={chosen} title={`Sincronizar ${chosen.length} agora`} />}
      {status.tables.length === 0 && <p>As tabelas aparecem aqui depois da primeira sincronização.</p>}
      <div className="wide" tabIndex={0} role="region" aria-label="Tabelas">
        <table>
          <thead>
            <tr>
              <th>Escolher</th>
              {COLUMNS.map(([name, title]) => (
                <th key={name} aria-sort={column === name ? (up ? "ascending" : "descending") : undefined}>
                  <button type="button" className="plain" onClick={() => setOrder([name, column === name ? !up : true])}>
                    {title}
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
                    aria-label={`Escolher ${table.table}`}
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
                <th scope="row">{table.table}</th>
                <td>
                  <span className={`mark ${table.status}`}>{STATUS[table.status] ?? table.status}</span>
                  {table.error && <small>{table.error}</small>}
                  {table.warnings?.map((warning) => <small key={warning}>{warning}</small>)}
                </td>
                <td className="number">{number(table.total)}</td>
                <td>{moment(table.good)}</td>
                <td className="number">{number(table.seconds)}</td>
                <td className="number">{number(table.requests)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
