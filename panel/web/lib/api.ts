// What the server answers, and how to ask it.

import type { components } from "@/lib/schema"; // made from openapi.json, by `npm run schema`

type Schemas = components["schemas"];
export type About = Schemas["About"];
export type Alerts = Schemas["Alerts"];
export type Answer = Schemas["Answer"];
export type Assistants = Schemas["Assistants"];
export type AssistantCall = Schemas["Call"];
export type Begun = Schemas["Begun"];
export type Cause = Schemas["Cause"];
export type Change = Schemas["Change"];
export type Changes = Schemas["Changes"];
export type Check = Schemas["Check"];
export type Cost = Schemas["Cost"];
export type Credentials = Record<string, Schemas["Credential"]>;
export type DayTable = Schemas["DayTable"];
export type Days = Schemas["Days"];
export type Figures = Schemas["Figures"];
export type Form = Schemas["Form"];
export type History = Schemas["History"];
export type HookEvent = Schemas["Event"];
export type Hooks = Schemas["Hooks"];
export type HookToken = Schemas["Token"];
export type Indicator = Schemas["Indicator"];
export type Indicators = Schemas["Indicators"];
export type Kind = Schemas["Kind"];
export type Listing = Schemas["Listing"];
export type Permissions = Schemas["Permissions"];
export type Personal = Schemas["Personal"];
export type Place = Schemas["Place"];
export type Reads = Record<string, Schemas["Read"][]>;
export type Plan = Schemas["Plan"];
export type Revealed = Schemas["Revealed"];
export type RoundsSpent = Schemas["RoundsSpent"];
export type Rows = Schemas["Rows"];
export type Run = Schemas["Run"];
export type RunDetail = Schemas["RunDetail"];
export type Spent = Schemas["Spent"];
export type Started = Schemas["Started"];
export type Status = Schemas["Status"];
export type Step = Schemas["Step"];
export type Table = Schemas["Table"];
export type Times = Schemas["Times"];
export type Trust = Schemas["Trust"];
export type Visitor = Schemas["Visitor"];

export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

/** Let the browser do other things first: a dozen requests begun at once hold up a slow phone. */
const pause = () => new Promise((done) => setTimeout(done));

export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  await pause();
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
  if (answer.status === 401) dispatchEvent(new Event("outside"));
  let told: { detail: string; field?: string } = { detail: `O painel respondeu com erro (${answer.status}).` };
  try {
    told = JSON.parse(text) as typeof told;
  } catch {
    // not the panel's own answer
  }
  throw new Refused(answer.status, told.detail, told.field);
}

/** Make it when it is first wanted, and once: the first format takes a phone a tenth of a second. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const timeZone = "America/Sao_Paulo";
const dates = once(() => new Intl.DateTimeFormat("pt-BR", { timeZone, dateStyle: "short" }));
const times = once(() => new Intl.DateTimeFormat("pt-BR", { timeZone, timeStyle: "short" }));
const numbers = once(() => new Intl.NumberFormat("pt-BR", { maximumFractionDigits: 1 }));
const near = once(() => new Intl.RelativeTimeFormat("pt-BR", { numeric: "auto" }));

/** "hoje às 02:00", "ontem às 02:00", else with the date. */
export function moment(text: string | null | undefined): string {
  if (!text) return "—";
  const when = new Date(text);
  const day = dates().format(when);
  const days = [-1, 0, 1].find((days) => dates().format(Date.now() + days * 86_400_000) === day);
  return `${days === undefined ? day : near().format(days, "day")} às ${times().format(when)}`;
}

const HOUR = 3_600_000;

/** "há 12 min", "há 3 h", else when. */
export function ago(text: string | null | undefined): string {
  if (!text) return "—";
  const passed = Math.max(Date.now() - Date.parse(text), 0);
  if (passed < HOUR) return `há ${Math.floor(passed / 60_000)} min`;
  return passed < 24 * HOUR ? `há ${Math.floor(passed / HOUR)} h` : moment(text);
}

export const number = (value: number | null | undefined) => (value == null ? "—" : numbers().format(value));

const amounts = once(() => new Intl.NumberFormat("pt-BR", { style: "currency", currency: "BRL" }));

export const money = (value: number) => amounts().format(value);

export function duration(seconds: number | null | undefined): string {
  if (seconds == null) return "—";
  if (seconds < 1) return "< 1 s";
  return seconds < 60 ? `${Math.round(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

export const many = (count: number, one: string, more: string) => `${number(count)} ${count === 1 ? one : more}`;

/** For searching: without accents and capitals. */
export const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase();

export type Tone = "good" | "warn" | "bad" | "idle";

export const STATUS: Record<string, [Tone, string]> = {
  ok: ["good", "Completa"],
  incomplete: ["warn", "Incompleta"],
  skipped: ["warn", "Sem permissão"],
  failed: ["bad", "Falhou"],
  postponed: ["warn", "Adiada"],
};

/** What a run came to: one that ended well but for something is neither green nor red. */
export const outcome = (run: Run) =>
  run.cancelled ? "cancelled" : run.state === "success" && run.cause ? "partly" : run.state;

const STARTERS: Record<Run["started_by"], string> = {
  panel: "pelo painel",
  schedule: "pela agenda",
  round: "rodada",
  hook: "pelos ganchos",
  command: "pela linha de comando",
  other: "por outro programa",
};

export const starter = (run: Run) => STARTERS[run.started_by];

/** A day as 28/11. */
export const shortDay = (day: string) => day.slice(8, 10) + "/" + day.slice(5, 7);

export const STATE: Record<string, [Tone, string]> = {
  success: ["good", "Concluída"],
  partly: ["warn", "Concluída em parte"],
  fail: ["bad", "Falhou"],
  running: ["idle", "Em andamento"],
  lost: ["bad", "Interrompida"],
  cancelled: ["warn", "Cancelada"],
  idle: ["idle", "Não iniciada"],
};
