"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { createContext, useCallback, useContext, useEffect, useState, type FormEvent, type ReactNode } from "react";
import { ask, Refused, type Status } from "@/lib/api";

type Known = { status: Status; reload: () => Promise<void> };

const Context = createContext<Known | null>(null);

export function useStatus(): Known {
  const known = useContext(Context);
  if (!known) throw new Error("outside of the shell");
  return known;
}

const VIEWS = [
  ["/", "Início"],
  ["/tabelas/", "Tabelas"],
  ["/execucoes/", "Execuções"],
  ["/configuracoes/", "Configurações"],
] as const;

/** The frame of every view: asks for the password first, then keeps the status fresh. */
export function Shell({ children }: { children: ReactNode }) {
  const path = usePathname();
  const [status, setStatus] = useState<Status | null>(null);
  const [inside, setInside] = useState<boolean | null>(null);
  const [problem, setProblem] = useState("");

  const reload = useCallback(async () => {
    try {
      setStatus(await ask<Status>("GET", "/status"));
      setInside(true);
      setProblem("");
    } catch (error) {
      if (error instanceof Refused && error.status === 401) setInside(false);
      else setProblem((error as Error).message);
    }
  }, []);

  useEffect(() => {
    void reload();
    const timer = setInterval(() => {
      if (!document.hidden) void reload();
    }, 10_000);
    return () => clearInterval(timer);
  }, [reload]);

  if (inside === false) return <Door entered={reload} />;

  const leave = async () => {
    await ask("POST", "/logout").catch(() => undefined);
    setStatus(null);
    setInside(false);
  };

  return (
    <>
      <header>
        <strong>Painel do Sienge</strong>
        <nav aria-label="Principal">
          {VIEWS.map(([to, title]) => (
            <Link key={to} href={to} prefetch={false} aria-current={path === to ? "page" : undefined}>
              {title}
            </Link>
          ))}
        </nav>
        <button type="button" className="plain" onClick={leave}>
          Sair
        </button>
      </header>
      <main>
        {problem && <p role="alert" className="note bad">{problem}</p>}
        {status ? <Context value={{ status, reload }}>{children}</Context> : <p>Carregando…</p>}
      </main>
    </>
  );
}

function Door({ entered }: { entered: () => Promise<void> }) {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  const enter = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      await ask("POST", "/login", { password: new FormData(event.currentTarget).get("password") });
      await entered();
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="door">
      <h1>Painel do Sienge</h1>
      <form onSubmit={enter}>
        <label>
          Senha do painel
          <input name="password" type="password" autoComplete="current-password" required autoFocus />
        </label>
        <button type="submit" disabled={busy}>Entrar</button>
        <p role="alert" className={problem ? "note bad" : undefined}>{problem}</p>
      </form>
    </main>
  );
}
