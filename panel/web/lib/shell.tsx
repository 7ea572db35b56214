"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { createContext, useCallback, useContext, useEffect, useState, type FormEvent, type ReactNode } from "react";
import { ask, type Status } from "@/lib/api";
import { Outcome, useAct } from "@/lib/ui";

type Known = { status: Status; reload: () => Promise<void> };

const Context = createContext<Known | null>(null);

export function useStatus(): Known {
  const known = useContext(Context);
  if (!known) throw new Error("outside of the shell");
  return known;
}

const VIEWS = [
  ["/", "Início"],
  ["/indicadores/", "Indicadores"],
  ["/tabelas/", "Tabelas"],
  ["/conferencia/", "Conferência"],
  ["/execucoes/", "Execuções"],
  ["/configuracoes/", "Configurações"],
] as const;

function Brand() {
  return (
    <span className="brand">
      <img src="/icon.svg" alt="" width="24" height="24" /> Painel do Sienge
    </span>
  );
}

/** The frame of every view: asks for the password first, then keeps the status fresh. */
export function Shell({ children }: { children: ReactNode }) {
  const path = usePathname();
  const [status, setStatus] = useState<Status | null>(null);
  const [outside, setOutside] = useState(false);
  const [problem, setProblem] = useState("");

  const reload = useCallback(async () => {
    try {
      setStatus(await ask<Status>("GET", "/status"));
      setOutside(false);
      setProblem("");
    } catch (error) {
      setProblem((error as Error).message);
    }
  }, []);

  useEffect(() => {
    const left = () => setOutside(true);
    addEventListener("outside", left);
    void reload();
    const timer = setInterval(() => {
      if (!document.hidden) void reload();
    }, 10_000);
    return () => {
      removeEventListener("outside", left);
      clearInterval(timer);
    };
  }, [reload]);

  if (outside) return <Door entered={reload} />;

  const leave = async () => {
    await ask("POST", "/logout").catch(() => undefined);
    setOutside(true);
  };

  return (
    <>
      <header>
        <div>
          <Brand />
          <nav aria-label="Principal">
            {VIEWS.map(([to, title]) => (
              <Link key={to} href={to} prefetch={false} aria-current={path === to ? "page" : undefined}>
                {title}
              </Link>
            ))}
          </nav>
          <button type="button" className="plain small" onClick={leave}>
            Sair
          </button>
        </div>
      </header>
      <main>
        {problem && <p role="alert" className="note bad">{problem}</p>}
        {status ? <Context value={{ status, reload }}>{children}</Context> : !problem && <p>Carregando…</p>}
      </main>
    </>
  );
}

function Door({ entered }: { entered: () => Promise<void> }) {
  const { busy, said, act } = useAct();

  const enter = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get("password");
    void act("Entrando…", async () => {
      await ask("POST", "/login", { password });
      await entered();
    });
  };

  return (
    <main className="door">
      <h1>
        <Brand />
      </h1>
      <form className="card" onSubmit={enter}>
        <label>
          Senha do painel
          <input name="password" type="password" autoComplete="current-password" required autoFocus />
        </label>
        <button type="submit" disabled={busy !== ""}>Entrar</button>
        <Outcome busy={busy} said={said} />
      </form>
    </main>
  );
}
