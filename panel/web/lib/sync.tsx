"use client";

import { useEffect, useRef, useState } from "react";
import { ask, many, number } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { Outcome, useAct } from "@/lib/ui";

/** "Sincronizar agora": all tables or the given ones; while a run goes on, its cancel button. */
export function SyncButton({ tables = [], title = "Sincronizar agora" }: { tables?: string[]; title?: string }) {
  const { status, reload } = useStatus();
  const { busy, said, act } = useAct();

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

type Step = { table: string; title: string; step: string | null; number: number | null; of: number | null };

/** What a run says, live while it goes on. */
export function Progress({ run, open = false }: { run: string; open?: boolean }) {
  const { reload } = useStatus();
  const [lines, setLines] = useState<string[]>([]);
  const [steps, setSteps] = useState<Step[]>([]);
  const [ended, setEnded] = useState(false);
  const box = useRef<HTMLPreElement>(null);

  useEffect(() => {
    setLines([]);
    setSteps([]);
    setEnded(false);
    const source = new EventSource(`/api/runs/${run}/events`);
    source.onmessage = (event) => setLines((before) => [...before, JSON.parse(event.data as string) as string]);
    source.addEventListener("progress", (event) =>
      setSteps((before) => [...before, JSON.parse(event.data as string) as Step]),
    );
    source.addEventListener("end", () => {
      source.close();
      setEnded(true);
      void reload();
    });
    source.onerror = () => source.close();
    return () => source.close();
  }, [run, reload]);

  useEffect(() => {
    box.current?.scrollTo(0, box.current.scrollHeight);
  }, [lines]);

  const begun = new Set(steps.map((step) => step.table)).size;
  const now = steps.at(-1);
  return (
    <section className="card" aria-label="Andamento da sincronização">
      <p role="status">
        {ended ? "Execução encerrada." : now ? `Lendo ${now.title}` : "Começando…"}
        {!ended && now?.step && `: ${now.step} ${number(now.number)} de ${number(now.of)}`}
        {begun > 0 && <small>{many(begun, "tabela começada", "tabelas começadas")}.</small>}
      </p>
      {!ended && <progress aria-label="Sincronização em andamento" value={now?.number ?? undefined} max={now?.of ?? undefined} />}
      <details open={open}>
        <summary>Registro da execução</summary>
        <pre ref={box} tabIndex={0} aria-label="Linhas do registro">{lines.join("\n")}</pre>
      </details>
    </section>
  );
}
