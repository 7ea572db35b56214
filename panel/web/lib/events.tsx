"use client";

import { ask, moment, type Answer, type HookEvent, type Tone } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { Outcome, useAct } from "@/lib/ui";

const RESULTS: Record<HookEvent["result"], [Tone, string]> = {
  esperando: ["idle", "Esperando"],
  lido: ["good", "Lido"],
  removido: ["good", "Removido"],
  "não lido": ["idle", "Não lido"],
  desconhecido: ["warn", "Desconhecido"],
  separado: ["bad", "Separado"],
};

const codes = (ids: HookEvent["ids"]) =>
  Object.entries(ids)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");

/** Events, the newest first, and, of those set aside, a button to try them again. */
export function Events({ events, retry }: { events: HookEvent[]; retry?: () => Promise<void> }) {
  const { owner } = useStatus();
  const { busy, said, act } = useAct();

  const again = (query: string) =>
    act("Pondo na fila…", async () => {
      const answer = await ask<Answer>("POST", `/hooks/again${query}`);
      await retry?.();
      return { tone: "good", text: answer.message };
    });

  return (
    <>
      <div className="short" tabIndex={0} role="region" aria-label={retry ? "Avisos separados" : "Avisos"}>
        <ul className="list">
          {events.map((event) => {
            const [tone, text] = RESULTS[event.result];
            return (
              <li key={event.id}>
                <div className="row apart">
                  <span className="row">
                    <span className={`mark ${tone}`}>{text}</span> {event.title}
                  </span>
                  {retry && owner && (
                    <button
                      type="button"
                      className="plain small"
                      aria-label={`Tentar de novo ${event.type} ${codes(event.ids)}`}
                      disabled={busy !== ""}
                      onClick={() => again(`?event=${event.id}`)}
                    >
                      Tentar de novo
                    </button>
                  )}
                </div>
                <small>
                  {[event.type, codes(event.ids), `recebido ${moment(event.received)}`].filter(Boolean).join(", ")}
                  {event.next && `, lido de novo ${moment(event.next)}`}
                </small>
                {event.reason && <p className="why">{event.reason}</p>}
              </li>
            );
          })}
        </ul>
      </div>
      {retry && owner && events.length > 1 && (
        <button type="button" className="plain start" disabled={busy !== ""} onClick={() => again("")}>
          Tentar todos de novo
        </button>
      )}
      <Outcome busy={busy} said={said} />
    </>
  );
}
