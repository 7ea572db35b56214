// What the server answers, and how to ask it.

export type Table = {
  table: string;
  status: "ok" | "incomplete" | "skipped" | "failed" | "postponed";
  rows: number | null;
  total: number | null;
  requests: number | null;
  seconds: number | null;
  warnings: string[] | null;
  error: string | null;
  finished: string | null;
  good: string | null;
};

export type Run = {
  id: string;
  state: "success" | "fail" | "running" | "lost" | "idle";
  started: string;
  ended: string | null;
  log: boolean;
};

export type Status = {
  running: string;
  configured: boolean;
  last: Run | null;
  tables: Table[];
  used: { rest: number; bulk: number };
  quota: { rest: number | null; bulk: number | null };
  permissions_cost: number;
};

export type Credentials = Record<string, { set: boolean; from?: "panel" | "environment"; when?: string }>;

export type Answer = { outcome: string; message: string; readable: string[]; refused: string[] };

export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`/api${path}`, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refused(0, "O painel não respondeu. Confira se ele está no ar.");
  }
  const text = await answer.text();
  if (answer.ok) return (text ? JSON.parse(text) : null) as T;
  let detail = `O painel respondeu com erro (${answer.status}).`;
  try {
    detail = (JSON.parse(text) as { detail: string }).detail;
  } catch {
    // not the panel's own answer
  }
  throw new Refused(answer.status, detail);
}

const ZONE = { timeZone: "America/Sao_Paulo" } as const;
const MOMENT = new Intl.DateTimeFormat("pt-BR", { ...ZONE, dateStyle: "short", timeStyle: "short" });
const NUMBER = new Intl.NumberFormat("pt-BR", { maximumFractionDigits: 1 });

export const moment = (text: string | null | undefined) => (text ? MOMENT.format(new Date(text)) : "—");
export const number = (value: number | null | undefined) => (value == null ? "—" : NUMBER.format(value));

export const STATUS: Record<string, string> = {
  ok: "Completo",
  incomplete: "Incompleto",
  skipped: "Sem permissão",
  failed: "Falhou",
  postponed: "Adiado",
};

export const STATE: Record<string, string> = {
  success: "Concluída",
  fail: "Falhou",
  running: "Em andamento",
  lost: "Interrompida",
  idle: "Não iniciada",
};
