"use client";

import { useEffect, useState, type FormEvent } from "react";
import { ask, moment, type Alerts as Told, type Answer } from "@/lib/api";
import { Outcome, useAct, useAsk } from "@/lib/ui";

/** Who is told when a sync fails, the data grow old or the quota ends. */
export function Alerts() {
  const { data, problem } = useAsk<Told>("/alerts");
  const [told, setTold] = useState<Told | null>(null);
  const { busy, said, act } = useAct();
  useEffect(() => setTold(data), [data]);
  if (!told) return <p>{problem}</p>;

  const change = (title: string, method: string, path: string, body?: unknown) =>
    act(title, async () => setTold(await ask<Told>(method, path, body)));

  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const url = new FormData(form).get("url");
    void change("Salvando…", "POST", "/alerts/targets", { url }).then(() => form.reset());
  };
  const wait = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const hours = Number(new FormData(event.currentTarget).get("hours"));
    void change("Salvando…", "PUT", "/alerts", { hours });
  };
  const test = () =>
    act("Enviando…", async () => {
      const answer = await ask<Answer>("POST", "/alerts/test");
      return { tone: answer.outcome === "ok" ? "good" : "bad", text: answer.message };
    });

  return (
    <>
      <p>
        Quando uma sincronização ou um modelo falha, os dados envelhecem ou a cota passa de 90 %, uma vez por dia e por
        causa.
      </p>
      {told.targets.length > 0 && (
        <ul className="list">
          {told.targets.map(({ id, service, url }) => (
            <li key={id} className="row apart">
              <span>
                <strong>{service}</strong> <code>{url}</code>
              </span>
              <button
                type="button"
                className="plain small"
                aria-label={`Tirar ${service}`}
                onClick={() => change("Tirando…", "DELETE", `/alerts/targets/${id}`)}
              >
                Tirar
              </button>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={add}>
        <label>
          Endereço para os alertas
          <input name="url" type="text" autoComplete="off" spellCheck={false} required maxLength={2000} />
          <small>
            No formato do Apprise, como mailto://usuario:senha@empresa.com.br ou tgram://token/conversa. É guardado
            cifrado.
          </small>
        </label>
        <div className="row">
          <button type="submit" disabled={busy !== ""}>Acrescentar</button>
          <button type="button" className="plain" disabled={busy !== "" || !told.targets.length} onClick={test}>
            Enviar teste
          </button>
        </div>
      </form>
      <form onSubmit={wait}>
        <label>
          Avisar quando os dados tiverem mais de (horas)
          <input name="hours" type="number" min="1" max="8784" defaultValue={told.hours} required />
        </label>
        <button type="submit" className="plain" disabled={busy !== ""}>Salvar</button>
      </form>
      <Outcome busy={busy} said={said} />
      {told.sent.length > 0 && (
        <details>
          <summary>Últimos alertas</summary>
          <ul className="list">
            {told.sent.map(({ cause, sent, text }) => (
              <li key={`${cause}${sent}`}>
                {text}
                <small>{moment(sent)}</small>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
