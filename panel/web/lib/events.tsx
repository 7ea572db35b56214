"use client";

import { moment, type HookEvent, type Tone } from "@/lib/api";

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

/** Events, the newest first; with `retry`, each has a button to try it again. */
export function Events({ title, events, retry }: { title: string; events: HookEvent[]; retry?: (query: string) => void }) {
  return (
    <>
      <div className="short" tabIndex={0} role="region" aria-label={title}>
        <ul className="list">
          {events.map((event) => {
            const [tone, text] = RESULTS[event.result];
            return (
              <li key={event.id}>
                <div className="row apart">
                  <span className="row">
                    <span className={`mark ${tone}`}>{text}</span> {event.title}
                  </span>
                  {retry && (
                    <button
                      type="button"
                      className="plain small"
                      aria-label={`Tentar de novo ${event.type} ${codes(event.ids)}`}
                      onClick={() => retry(`?event=${event.id}`)}
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
      {retry && events.length > 1 && (
        <button type="button" className="plain start" onClick={() => retry("")}>
          Tentar todos de novo
        </button>
      )}
    </>
  );
}
