"use client";

import { useEffect, useRef, useState } from "react";
import { ask, many, number, type Step } from "@/lib/api";
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

/** What a run says, live while it goes on. */
export function Progress({ run, open = false }: { run: string; open?: boolean }) {
  const { reload } = useStatus();
  const [lines, setLines] = useState<string[]>([]);
  const [steps, setSteps] = useState<Step[]>([]);
  const [end, setEnd] = useState("");
  const box = useRef<HTMLPreElement>(null);

  useEffect(() => {
    setLines([]);
    setSteps([]);
    setEnd("");
    const source = new EventSource(`/api/runs/${run}/events`);
    source.onmessage = (event) => setLines((before) => [...before, JSON.parse(event.data as string) as string]);
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
        {begun > 0 && <small>{many(begun, "tabela começada", "tabelas começadas")}.</small>}
      </p>
      {!end && <progress aria-label="Sincronização em andamento" value={now?.number ?? undefined} max={now?.of ?? undefined} />}
      {lines.length > 0 && (
        <details open={open}>
          <summary>Registro da execução</summary>
          <pre ref={box} tabIndex={0} role="region" aria-label="Linhas do registro">{lines.join("\n")}</pre>
        </details>
      )}
    </section>
  );
}
