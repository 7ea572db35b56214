"use client";

import { useEffect, useMemo, useRef, useState } from "react";
import { duration, many, number, plain, type RunDetail } from "@/lib/api";
import { Mark, useAsk } from "@/lib/ui";

const LEVELS = [
  ["all", "Tudo"],
  ["warning", "Avisos e erros"],
  ["error", "Só erros"],
] as const;

const GRAVITY = { info: 0, warning: 1, error: 2, all: 0 };

/** What a run came to for each table, and its log: opened at the first error. */
export function Detail({ run }: { run: string }) {
  const { data: found, problem } = useAsk<RunDetail>(`/runs/${run}`);
  if (!found) return <p>{problem || "Carregando…"}</p>;
  const { tables, models_seconds } = found;
  return (
    <>
      {tables.length > 0 && (
        <details>
          <summary>
            {many(tables.length, "tabela", "tabelas")}
            {found.run.rows !== null && `, ${many(found.run.rows, "linha", "linhas")}`}
            {found.run.requests !== null && `, ${many(found.run.requests, "requisição", "requisições")}`}
          </summary>
          <div className="wide" tabIndex={0} role="region" aria-label="Resultado por tabela">
            <table>
              <thead>
                <tr>
                  <th scope="col">Tabela</th>
                  <th scope="col">Resultado</th>
                  <th scope="col" className="number">Linhas</th>
                  <th scope="col" className="number">Requisições</th>
                  <th scope="col" className="number">Duração</th>
                </tr>
              </thead>
              <tbody>
                {tables.map((table) => (
                  <tr key={table.table}>
                    <th scope="row">{table.title}</th>
                    <td>
                      <Mark of={table.status} />
                      {table.error && <small>{table.error}</small>}
                    </td>
                    <td className="number">{number(table.rows)}</td>
                    <td className="number">{number(table.requests)}</td>
                    <td className="number">{duration(table.seconds)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
      {models_seconds !== null && <small>Os modelos para o Power BI levaram {duration(models_seconds)}.</small>}
      {found.lines.length > 0 && <Log run={run} lines={found.lines} />}
    </>
  );
}

function Log({ run, lines }: { run: string; lines: RunDetail["lines"] }) {
  const [search, setSearch] = useState("");
  const [level, setLevel] = useState<(typeof LEVELS)[number][0]>("all");
  const box = useRef<HTMLPreElement>(null);
  const shown = useMemo(
    () =>
      lines.filter((line) => GRAVITY[line.level] >= GRAVITY[level] && plain(line.text).includes(plain(search))),
    [lines, level, search],
  );
  const first = shown.findIndex((line) => line.level === "error");
  useEffect(() => {
    const line = box.current?.children[first] as HTMLElement | undefined;
    if (box.current && line) box.current.scrollTop = line.offsetTop - box.current.offsetTop - 40;
  }, [first]);

  return (
    <div className="log">
      <div className="row">
        <label className="search">
          <span className="hidden">Procurar no registro</span>
          <input
            type="search"
            placeholder="Procurar no registro"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </label>
        <label>
          <span className="hidden">Gravidade</span>
          <select value={level} onChange={(event) => setLevel(event.target.value as typeof level)}>
            {LEVELS.map(([name, title]) => (
              <option key={name} value={name}>{title}</option>
            ))}
          </select>
        </label>
        <a href={`/api/runs/${run}/log`} download={`execucao-${run}.log`}>Baixar o registro</a>
      </div>
      <small role="status">{many(shown.length, "linha", "linhas")} de {number(lines.length)}.</small>
      <pre ref={box} tabIndex={0} role="region" aria-label="Linhas do registro">
        {shown.map((line, index) => (
          <span key={index} className={line.level}>{line.text + "\n"}</span>
        ))}
      </pre>
    </div>
  );
}
