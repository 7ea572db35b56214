"use client";

import { useEffect, useState } from "react";
import { duration, many, moment, outcome, starter, type Run } from "@/lib/api";
import { CauseButton } from "@/lib/cause";
import { Timeline } from "@/lib/days";
import { Detail } from "@/lib/run";
import { useStatus } from "@/lib/shell";
import { Progress, SyncButton } from "@/lib/sync";
import { Mark, useAsk } from "@/lib/ui";

const seconds = (run: Run) => run.ended && (Date.parse(run.ended) - Date.parse(run.started)) / 1000;

export default function Runs() {
  const { status } = useStatus();
  const [whole, setWhole] = useState(false);
  const { data: runs, problem, reload } = useAsk<Run[]>(whole ? "/runs?partial=false" : "/runs");
  const [shown, setShown] = useState("");

  useEffect(() => void reload(), [reload, status]);
  useEffect(() => setShown(location.hash.slice(1)), []);
  const ready = runs !== null;
  useEffect(() => {
    const asked = ready && location.hash.slice(1);
    if (asked) document.getElementById(asked)?.scrollIntoView();
  }, [ready]);

  return (
    <>
      <div className="row apart">
        <h1>Execuções</h1>
        <SyncButton />
      </div>
      {problem && <p role="alert" className="note bad">{problem}</p>}
      {status.running && <Progress run={status.running} open />}
      <section className="card">
        {(whole || runs?.some((run) => run.started_by === "round" || run.started_by === "hook")) && (
          <label className="check">
            <input type="checkbox" checked={whole} onChange={(event) => setWhole(event.target.checked)} />
            Só as leituras inteiras
          </label>
        )}
        {runs?.length === 0 && <p>Ainda não houve nenhuma execução.</p>}
        <ul className="list">
          {runs?.map((run) => (
            <li key={run.id} id={run.id}>
              <div className="row apart">
                <span className="row">
                  <Mark of={outcome(run)} /> {moment(run.started)}, {starter(run)}
                </span>
                <span className="row">
                  {run.ended && duration(seconds(run) || 0)}
                  {(run.log || run.tables !== null) && run.id !== status.running && (
                    <button
                      type="button"
                      className="plain small"
                      aria-expanded={shown === run.id}
                      onClick={() => setShown(shown === run.id ? "" : run.id)}
                    >
                      Registro
                    </button>
                  )}
                </span>
              </div>
              {run.cause && <p className="why">{run.cause.sentence}</p>}
              {!run.cause && run.tables !== null && run.rows !== null && (
                <small>
                  {many(run.tables, "tabela", "tabelas")}, {many(run.rows, "linha lida", "linhas lidas")},{" "}
                  {many(run.requests ?? 0, "requisição", "requisições")}.
                </small>
              )}
              {shown === run.id && (
                <div className="run">
                  {run.cause && run.cause.action !== "log" && !status.running && status.configured && (
                    <CauseButton cause={run.cause} run={run.id} />
                  )}
                  <Detail run={run.id} />
                </div>
              )}
            </li>
          ))}
        </ul>
      </section>
      {(ready || problem) && <Timeline />}
    </>
  );
}
