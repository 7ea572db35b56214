"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { createContext, startTransition, useCallback, useContext, useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { ask, type Status, type Visitor } from "@/lib/api";
import { askAhead, Outcome, useAct } from "@/lib/ui";

type Known = { status: Status; reload: () => Promise<void>; owner: boolean };

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
  ["/ganchos/", "Ganchos"],
  ["/assistente/", "Assistente"],
  ["/configuracoes/", "Configurações"],
] as const;

/** What each view asks first, besides the status. */
const FIRST: Record<string, string[]> = {
  "/": ["/credentials/permissions"],
  "/indicadores/": ["/indicators"],
  "/tabelas/": ["/tables", "/tables/rows"],
  "/conferencia/": ["/trust"],
  "/execucoes/": ["/runs", "/runs/days"],
  "/ganchos/": ["/hooks"],
  "/assistente/": ["/assistant"],
  "/configuracoes/": ["/credentials", "/credentials/plans", "/tables"],
};

/** The same of the address that the browser opens. */
function first(): string[] {
  const table = new URLSearchParams(location.search).get("t")?.replace(/\W/g, "");
  return table ? [`/tables/${table}/about`] : (FIRST[location.pathname] ?? []);
}

/** The view that only the owner sees. */
const OWNERS = "/assistente/";

const TITLES: readonly (readonly [string, string])[] = [...VIEWS, ["/docs/", "Documentação dos modelos"]];
const IDLE = 3_600_000;

/** The title of a page; one below another has the other's. */
function titled(path: string) {
  const found = TITLES.filter(([to]) => (to === "/" ? path === to : path.startsWith(to)));
  return found.at(-1)?.[1] ?? "Página não encontrada";
}

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
  const [owner, setOwner] = useState(true);
  const used = useRef(Date.now());

  const reload = useCallback(async () => {
    try {
      const [found, visitor] = await Promise.all([ask<Status>("GET", "/status"), ask<Visitor>("GET", "/session")]);
      startTransition(() => {
        setOwner(visitor.role === "dono");
        setStatus(found);
        setOutside(false);
        setProblem("");
      });
    } catch (error) {
      setProblem((error as Error).message);
    }
  }, []);

  const leave = useCallback(async () => {
    await ask("POST", "/logout").catch(() => undefined);
    setOutside(true);
  }, []);

  useEffect(() => {
    const left = () => setOutside(true);
    const use = () => {
      used.current = Date.now();
    };
    addEventListener("outside", left);
    addEventListener("pointerdown", use);
    addEventListener("keydown", use);
    askAhead(first());
    void reload();
    const timer = setInterval(() => {
      if (Date.now() - used.current > IDLE) void leave(); // asking on would keep the session for whoever comes by
      else if (!document.hidden) void reload();
    }, 10_000);
    return () => {
      removeEventListener("pointerdown", use);
      removeEventListener("keydown", use);
      removeEventListener("outside", left);
      clearInterval(timer);
    };
  }, [reload, leave]);

  if (outside) return <Door entered={reload} />;

  return (
    <>
      <title>{`${titled(path)} · Painel do Sienge`}</title>
      <a className="skip" href="#conteudo">Pular para o conteúdo</a>
      <header>
        <div>
          <Brand />
          <nav aria-label="Principal">
            {VIEWS.filter(([to]) => owner || to !== OWNERS).map(([to, title]) => (
              <Link key={to} href={to} prefetch={false} aria-current={path === to ? "page" : undefined}>
                {title}
              </Link>
            ))}
          </nav>
          {!owner && <span className="mark idle" title="Você entrou como leitor: vê tudo e não muda nada.">Só leitura</span>}
          <button type="button" className="plain small" onClick={leave}>
            Sair
          </button>
        </div>
      </header>
      <main id="conteudo" tabIndex={-1}>
        {problem && <p role="alert" className="note bad">{problem}</p>}
        {status ? <Context value={{ status, reload, owner }}>{children}</Context> : !problem && <p>Carregando…</p>}
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
      <title>Entrar · Painel do Sienge</title>
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
