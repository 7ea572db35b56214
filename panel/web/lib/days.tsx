"use client";

import { useEffect, useState } from "react";
import { many, number, shortDay, type Days, type DayTable } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { useAsk } from "@/lib/ui";

const STATES: Record<Days["days"][number]["state"], [string, string]> = {
  good: ["✓", "tudo bem"],
  warn: ["!", "bem, mas não tudo"],
  bad: ["✗", "a última execução falhou"],
  none: ["–", "sem execuções"],
};

/** The last thirty days: how the runs went and how much of the quota they took; by table on demand. */
export function Timeline() {
  const { status } = useStatus();
  const { data: found, problem, reload } = useAsk<Days>("/runs/days");
  const [chosen, setChosen] = useState("");
  const asked = useAsk<DayTable[]>(chosen && `/runs/days/${chosen}`);
  const tables = asked.old ? null : asked.data;
  useEffect(() => void reload(), [reload, status.last?.id, status.running]);

  if (!found) return <section className="card days-space">{problem}</section>;
  const quota = found.quota.rest;
  const most = quota ?? Math.max(...found.days.map((day) => day.rest), 1);
  return (
    <section className="card">
      <h2>Últimos 30 dias</h2>
      <small>
        Em cada dia, como foram as execuções e quantas requisições elas fizeram
        {quota !== null && `, de ${number(quota)} que o plano dá`}. Escolha um dia para ver por tabela.
      </small>
      <ol className="days">
        {found.days.map(({ day, state, runs, rest, bulk }) => (
          <li key={day}>
            <button
              type="button"
              className={`plain day ${state === "none" ? "idle" : state}`}
              aria-expanded={chosen === day}
              onClick={() => setChosen(day === chosen ? "" : day)}
            >
              <span>
                {shortDay(day)} <b aria-hidden="true">{STATES[state][0]}</b>
              </span>
              <span>{rest + bulk > 0 ? number(rest + bulk) : "—"}</span>
              <span className="hidden">
                {rest + bulk === 1 ? "requisição" : "requisições"}, {many(runs, "execução", "execuções")}, {STATES[state][1]}
              </span>
              <progress aria-hidden="true" max={most} value={Math.min(rest, most)} />
            </button>
          </li>
        ))}
      </ol>
      {chosen && (
        <div role="status">
          <h3>Requisições de {shortDay(chosen)}, por tabela</h3>
          {tables === null ? (
            <p>{asked.problem || "Carregando…"}</p>
          ) : tables.length === 0 ? (
            <p>Nenhuma requisição neste dia.</p>
          ) : (
            <ul className="counted">
              {tables.map((table) => (
                <li key={table.table}>
                  {table.title}
                  <span>
                    {number(table.requests)} {table.kind === "bulk" && "BULK"}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </section>
  );
}
