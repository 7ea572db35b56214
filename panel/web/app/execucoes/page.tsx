"use client";

import { useEffect, useState } from "react";
import { duration, moment, outcome, type Run } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { Progress, SyncButton } from "@/lib/sync";
import { Mark, useAsk } from "@/lib/ui";

const seconds = (run: Run) => run.ended && (Date.parse(run.ended) - Date.parse(run.started)) / 1000;

export default function Runs() {
  const { status } = useStatus();
  const { data: runs, problem, reload } = useAsk<Run[]>("/runs");
  const [shown, setShown] = useState("");

  useEffect(() => void reload(), [reload, status]);

  return (
    <>
      <div className="row apart">
        <h1>Execuções</h1>
        <SyncButton />
      </div>
      {problem && <p role="alert" className="note bad">{problem}</p>}
      {status.running && <Progress run={status.running} open />}
      <section className="card">
        {runs?.length === 0 && <p>Ainda não houve nenhuma execução.</p>}
        <ul className="list">
          {runs?.map((run) => (
            <li key={run.id}>
              <div className="row apart">
                <span className="row">
                  <Mark of={outcome(run)} /> {moment(run.started)}
                </span>
                <span className="row">
                  {run.ended && duration(seconds(run) || 0)}
                  {run.log && run.id !== status.running && (
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
              {shown === run.id && <Progress run={run.id} open />}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
