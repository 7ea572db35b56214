"use client";

import { useEffect, useState } from "react";
import { ask, moment, STATE, type Run } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { Log, SyncButton } from "@/lib/sync";

export default function Runs() {
  const { status } = useStatus();
  const [runs, setRuns] = useState<Run[] | null>(null);
  const [shown, setShown] = useState("");
  const [problem, setProblem] = useState("");

  useEffect(() => {
    ask<Run[]>("GET", "/runs").then(setRuns, (error: Error) => setProblem(error.message));
  }, [status]);

  return (
    <>
      <h1>Execuções</h1>
      <SyncButton />
      <p role="alert" className={problem ? "note bad" : undefined}>{problem}</p>
      {runs?.length === 0 && <p>Ainda não houve nenhuma execução.</p>}
      <ul className="runs">
        {runs?.map((run) => (
          <li key={run.id}>
            <span className={`mark ${run.state}`}>{STATE[run.state] ?? run.state}</span> {moment(run.started)}
            {run.ended && ` até ${moment(run.ended)}`}{" "}
            {run.log && (
              <button
                type="button"
                className="plain"
                aria-expanded={shown === run.id}
                onClick={() => setShown(shown === run.id ? "" : run.id)}
              >
                Registro
              </button>
            )}
            {shown === run.id && <Log run={run.id} />}
          </li>
        ))}
      </ul>
    </>
  );
}
