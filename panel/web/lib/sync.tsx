"use client";

import { useEffect, useRef, useState } from "react";
import { ask } from "@/lib/api";
import { useStatus } from "@/lib/shell";

/** "Sincronizar agora": all tables or the given ones; while a run goes on, its cancel button. */
export function SyncButton({ tables = [], title = "Sincronizar agora" }: { tables?: string[]; title?: string }) {
  const { status, reload } = useStatus();
  const [problem, setProblem] = useState("");

  const act = async (method: string, body?: unknown) => {
    setProblem("");
    try {
      await ask(method, "/sync", body);
    } catch (error) {
      setProblem((error as Error).message);
    }
    await reload();
  };

  return (
    <div>
      {status.running ? (
        <button type="button" className="plain" onClick={() => act("DELETE")}>Cancelar a sincronização</button>
      ) : (
        <button type="button" disabled={!status.configured} onClick={() => act("POST", { tables })}>{title}</button>
      )}
      <p role="alert" className={problem ? "note bad" : undefined}>{problem}</p>
    </div>
  );
}

/** What a run says, live while it goes on. */
export function Log({ run }: { run: string }) {
  const { reload } = useStatus();
  const [lines, setLines] = useState<string[]>([]);
  const [ended, setEnded] = useState(false);
  const box = useRef<HTMLPreElement>(null);

  useEffect(() => {
    setLines([]);
    setEnded(false);
    const source = new EventSource(`/api/runs/${run}/events`);
    source.onmessage = (event) => setLines((before) => [...before, JSON.parse(event.data as string) as string]);
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

  const read = new Set(lines.flatMap((line) => /Beginning .*sync of '(\w+)'/.exec(line)?.[1] ?? []));
  return (
    <section aria-label="Registro da execução">
      <p role="status">
        {ended ? "Execução encerrada." : "Em andamento…"} {read.size > 0 && `${read.size} tabelas iniciadas.`}
      </p>
      <pre ref={box} tabIndex={0} aria-label="Linhas do registro">{lines.join("\n")}</pre>
    </section>
  );
}
