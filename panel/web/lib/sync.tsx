"use client";

import { useEffect, useRef, useState } from "react";
import { ask, duration, many, number, type Begun, type Step } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { Outcome, useAct } from "@/lib/ui";

/** "Sincronizar agora": all tables or the given ones; while a run goes on, its cancel button. */
export function SyncButton({ tables = [], title = "Sincronizar agora" }: { tables?: string[]; title?: string }) {
  const { status, reload, owner } = useStatus();
  const { busy, said, act } = useAct();
  if (!owner) return null;

  const send = (title: string, method: string, body?: unknown) =>
    act(title, async () => {
      await ask(method, "/sync", body).finally(reload);
    });

  return (
    <div className="row">
      {status.running ? (
        <button type="button" className="plain" disabled={busy !== ""} onClick={() => send("Cancelando…", "DELETE")}>
          Cancelar a sincronização
        </button>
      ) : (
        <button
          type="button"
          disabled={busy !== "" || !status.configured}
          onClick={() => send("Começando…", "POST", { tables })}
        >
          {title}
        </button>
      )}
      <Outcome busy={busy} said={said} />
    </div>
  );
}

/** How far a run is: tables, time, and how much more by the last like it, or by what is done. */
function far({ at, tables, expected }: Begun, begun: number, now: number): string {
  const passed = Math.max((now - Date.parse(at)) / 1000, 0);
  const done = Math.max(begun - 1, 0);
  const whole = expected ?? (tables && done > 2 ? (passed / done) * tables : null);
  const left = whole === null ? null : whole - passed;
  return [
    tables && begun > 0 ? `${number(Math.min(begun, tables))} de ${number(tables)}` : "",
    duration(passed),
    left !== null && left > 0 ? `cerca de ${about(left)} para acabar` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

const about = (seconds: number) =>
  seconds < 60 ? `${Math.max(Math.ceil(seconds / 5) * 5, 5)} s` : `${Math.ceil(seconds / 60)} min`;

/** What a run says, live while it goes on. */
export function Progress({ run, open = false }: { run: string; open?: boolean }) {
  const { reload } = useStatus();
  const [lines, setLines] = useState<string[]>([]);
  const [steps, setSteps] = useState<Step[]>([]);
  const [end, setEnd] = useState("");
  const [start, setStart] = useState<Begun | null>(null);
  const [clock, setClock] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setClock(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const box = useRef<HTMLPreElement>(null);

  useEffect(() => {
    setLines([]);
    setSteps([]);
    setEnd("");
    setStart(null);
    const source = new EventSource(`/api/runs/${run}/events`);
    source.onmessage = (event) => setLines((before) => [...before, JSON.parse(event.data as string) as string]);
    source.addEventListener("begun", (event) => setStart(JSON.parse(event.data as string) as Begun));
    source.addEventListener("progress", (event) =>
      setSteps((before) => [...before, JSON.parse(event.data as string) as Step]),
    );
    source.addEventListener("end", () => {
      source.close();
      setEnd("Execução encerrada.");
      void reload();
    });
    source.onerror = () => {
      source.close();
      setEnd("O painel não acompanha esta execução, ou deixou de responder: o registro está onde ela começou.");
    };
    return () => source.close();
  }, [run, reload]);

  useEffect(() => {
    box.current?.scrollTo(0, box.current.scrollHeight);
  }, [lines]);

  const begun = new Set(steps.map((step) => step.table).filter(Boolean)).size;
  const now = steps.at(-1);
  return (
    <section className="card" aria-label="Andamento da sincronização">
      <p role="status">
        {end || (now ? `${now.table && "Lendo "}${now.title}` : "Começando…")}
        {!end && now?.step && `: ${now.step} ${number(now.number)} de ${number(now.of)}, ${many(now.rows ?? 0, "linha", "linhas")}`}
      </p>
      {!end && start && <small>{far(start, begun, clock)}</small>}
      {!end && <progress aria-label="Sincronização em andamento" value={start?.tables && begun > 0 ? begun - 1 : undefined} max={start?.tables ?? undefined} />}
      {lines.length > 0 && (
        <details open={open}>
          <summary>Registro da execução</summary>
          <pre ref={box} tabIndex={0} role="region" aria-label="Linhas do registro">{lines.join("\n")}</pre>
        </details>
      )}
    </section>
  );
}
