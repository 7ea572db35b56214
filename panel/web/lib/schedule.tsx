"use client";

import { useEffect, useState, type FormEvent } from "react";
import { ask, many, moment, number, type Plan, type Spent, type Times } from "@/lib/api";
import { Rounds } from "@/lib/rounds";
import { useStatus } from "@/lib/shell";
import { Outcome, useAct, useAsk } from "@/lib/ui";

const KINDS = [
  ["once", "Uma vez por dia"],
  ["times", "Em vários horários do dia"],
  ["30", "A cada 30 minutos"],
  ["60", "A cada hora"],
  ["120", "A cada 2 horas"],
  ["180", "A cada 3 horas"],
  ["240", "A cada 4 horas"],
  ["360", "A cada 6 horas"],
] as const;

const DAYS = ["Segunda", "Terça", "Quarta", "Quinta", "Sexta", "Sábado", "Domingo"];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const CLOCK = HOURS.flatMap((hour) => [`${String(hour).padStart(2, "0")}:00`, `${String(hour).padStart(2, "0")}:30`]);

type Chosen = { kind: string; time: string; times: string; first: number; last: number; days: number[] };

const chosenOf = ({ times, every, first, last, days }: Plan): Chosen => ({
  kind: every ? String(every) : (times?.length ?? 0) > 1 ? "times" : "once",
  time: times?.[0] ?? "02:00",
  times: (times ?? []).join(", "),
  first: every ? (first ?? 7) : 7,
  last: every ? (last ?? 20) : 20,
  days: days ?? [0, 1, 2, 3, 4, 5, 6],
});

const planOf = ({ kind, time, times, first, last, days }: Chosen) =>
  kind === "once"
    ? { times: [time], days }
    : kind === "times"
      ? { times: times.split(/[\s,;]+/).filter(Boolean).map((text) => text.replace(/^(\d):/, "0$1:")), days }
      : { every: Number(kind), first, last, days };

/** When everything is read, in words, and what it costs a day before it is saved. */
export function Schedule() {
  const { data: times, problem, reload: refresh } = useAsk<Times>("/schedule");
  if (!times) return <p>{problem}</p>;
  return (
    <>
      <p>
        {times.words && <strong className="first-up">{times.words}. </strong>}
        {times.active
          ? `Próxima sincronização: ${moment(times.next)}.`
          : "Nenhum agendador está no ar neste servidor: só se sincroniza pelo botão."}
      </p>
      {times.plan ? (
        <Form plan={times.plan} refresh={refresh} />
      ) : (
        <p>
          O horário está fixado no servidor, em <code>SYNC_CRON</code>: <code>{times.cron}</code>.
        </p>
      )}
      <Rounds times={times} refresh={refresh} />
    </>
  );
}

function Form({ plan, refresh }: { plan: Plan; refresh: () => Promise<void> }) {
  const { reload } = useStatus();
  const { busy, said, act } = useAct();
  const [chosen, setChosen] = useState(() => chosenOf(plan));
  const set = (change: Partial<Chosen>) => setChosen({ ...chosen, ...change });
  const wanted = JSON.stringify(planOf(chosen));
  const cost = useCost<Spent>("/schedule/cost", wanted);

  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void act("Salvando…", async () => {
      await ask("PUT", "/schedule", JSON.parse(wanted));
      await Promise.all([refresh(), reload()]);
      return { tone: "good", text: "Horário salvo." };
    });
  };

  return (
    <form onSubmit={save}>
      <div className="fields">
        <label>
          Quantas vezes
          <select value={chosen.kind} onChange={(event) => set({ kind: event.target.value })}>
            {KINDS.map(([kind, title]) => (
              <option key={kind} value={kind}>{title}</option>
            ))}
          </select>
        </label>
        {chosen.kind === "once" && (
          <label>
            Horário
            <select value={chosen.time} onChange={(event) => set({ time: event.target.value })}>
              {CLOCK.map((time) => (
                <option key={time}>{time}</option>
              ))}
            </select>
            <small>De São Paulo. De madrugada ninguém espera pelo Sienge.</small>
          </label>
        )}
        {chosen.kind === "times" && (
          <label>
            Horários
            <input value={chosen.times} onChange={(event) => set({ times: event.target.value })} autoComplete="off" />
            <small>De São Paulo, em horas cheias ou meias horas, como 07:00, 12:30, 18:00.</small>
          </label>
        )}
        {!["once", "times"].includes(chosen.kind) && (
          <Hours first={chosen.first} last={chosen.last} set={set} />
        )}
      </div>
      <WeekDays days={chosen.days} set={set} />
      <Cost cost={cost} />
      <button type="submit" disabled={busy !== "" || typeof cost === "string"}>Salvar horário</button>
      <Outcome busy={busy} said={said} />
    </form>
  );
}

/** The first and the last hour of a day. */
export function Hours({ first, last, set }: { first: number; last: number; set: (change: { first?: number; last?: number }) => void }) {
  return (
    <div className="row">
      <label>
        Das
        <select value={first} onChange={(event) => set({ first: Number(event.target.value) })}>
          <HourOptions />
        </select>
      </label>
      <label>
        Até as
        <select value={last} onChange={(event) => set({ last: Number(event.target.value) })}>
          <HourOptions />
        </select>
      </label>
    </div>
  );
}

const HourOptions = () =>
  HOURS.map((hour) => (
    <option key={hour} value={hour}>{`${hour} h`}</option>
  ));

export function WeekDays({ days, set }: { days: number[]; set: (change: { days: number[] }) => void }) {
  return (
    <fieldset>
      <legend>Dias</legend>
      <div className="row">
        {DAYS.map((title, day) => (
          <label key={title} className="check">
            <input
              type="checkbox"
              checked={days.includes(day)}
              onChange={(event) =>
                set({ days: event.target.checked ? [...days, day].sort() : days.filter((other) => other !== day) })
              }
            />
            {title}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What the server reckons of what is chosen, a moment after it was; or what is wrong with it. */
export function useCost<T>(path: string, wanted: string, asked = true): T | string {
  const [cost, setCost] = useState<T | string>("");
  useEffect(() => {
    if (!asked) return;
    let left = false;
    const timer = setTimeout(
      () =>
        ask<T>("POST", path, JSON.parse(wanted)).then(
          (found) => left || setCost(found),
          (error: Error) => left || setCost(error.message),
        ),
      300,
    );
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [path, wanted, asked]);
  return cost;
}

function Cost({ cost }: { cost: Spent | string }) {
  if (typeof cost === "string") return <p role="status" className={`note ${cost && "bad"}`}>{cost}</p>;
  const { rest, bulk, quota, runs, unknown, words } = cost;
  const over = (quota.rest !== null && rest > quota.rest) || (quota.bulk !== null && bulk > quota.bulk);
  const of = (limit: number | null) => (limit === null ? "" : ` de ${number(limit)}`);
  return (
    <p role="status" className={`note ${over ? "warn" : "idle"}`}>
      <span className="first-up">{`${words}:`}</span> {many(runs, "leitura", "leituras")} por dia, cerca de {number(rest)}
      {of(quota.rest)} requisições REST{bulk > 0 && ` e ${number(bulk)}${of(quota.bulk)} BULK`} por dia.
      {over && " Passa da cota do plano: o que faltar fica para o dia seguinte."}
      {unknown > 0 && ` Ainda não se sabe quanto custam ${many(unknown, "tabela", "tabelas")}.`}
    </p>
  );
}
