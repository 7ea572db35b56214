"use client";

import { useEffect, useState, type FormEvent } from "react";
import { ask, moment, Refused, type Alerts as Told, type Answer, type Form } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { Outcome, useAct, useAsk } from "@/lib/ui";

/** Who is told when a sync fails, the data grow old or the quota ends. */
export function Alerts() {
  const { owner } = useStatus();
  const { data, problem } = useAsk<Told>("/alerts");
  const { data: forms, problem: unknown } = useAsk<Form[]>("/alerts/forms");
  const [told, setTold] = useState<Told | null>(null);
  const { busy, said, act } = useAct();
  useEffect(() => setTold(data), [data]);
  if (!told || !forms) return <p>{problem || unknown}</p>;

  const change = (title: string, method: string, path: string, body?: unknown) =>
    act(title, async () => setTold(await ask<Told>(method, path, body)));

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
              {owner && (
                <button
                  type="button"
                  className="plain small"
                  aria-label={`Tirar ${service} ${url}`}
                  onClick={() => change("Tirando…", "DELETE", `/alerts/targets/${id}`)}
                >
                  Tirar
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {owner && told.targets.length > 0 && (
        <button type="button" className="plain start" disabled={busy !== ""} onClick={test}>
          Enviar teste
        </button>
      )}
      {owner && <Adding forms={forms} added={setTold} />}
      {owner ? (
        <form onSubmit={wait}>
          <label>
            Avisar quando os dados tiverem mais de (horas)
            <input name="hours" type="number" min="1" max="8784" defaultValue={told.hours} required />
          </label>
          <button type="submit" className="plain" disabled={busy !== ""}>Salvar</button>
        </form>
      ) : (
        <p>Os dados são velhos a partir de {told.hours} horas.</p>
      )}
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

/** One form for each way to be told; what is refused stays in its field, with the reason beside it. */
function Adding({ forms, added }: { forms: Form[]; added: (told: Told) => void }) {
  const [kind, setKind] = useState("email");
  const [wrong, setWrong] = useState({ field: "", text: "" });
  const { busy, said, act } = useAct();
  const form = forms.find((found) => found.kind === kind);

  const choose = (chosen: string) => {
    setKind(chosen);
    setWrong({ field: "", text: "" });
  };
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const { kind: _, ...fields } = Object.fromEntries(new FormData(element));
    void act("Salvando…", async () => {
      setWrong({ field: "", text: "" });
      try {
        added(await ask<Told>("POST", "/alerts/targets", { kind, fields }));
        element.reset();
        return { tone: "good", text: "Acrescentado: envie um teste para conferir se chega." };
      } catch (error) {
        if (!(error instanceof Refused && error.field)) throw error;
        setWrong({ field: error.field, text: error.message });
        element.querySelector<HTMLElement>(`[name="${error.field}"]`)?.focus();
      }
    });
  };

  return (
    <form onSubmit={add} aria-label="Acrescentar um aviso">
      <label>
        Avisar por
        <select name="kind" value={kind} onChange={(event) => choose(event.target.value)}>
          {forms.map(({ kind: value, title }) => <option key={value} value={value}>{title}</option>)}
        </select>
      </label>
      <div className="fields" key={kind}>
        {form?.fields.map(({ name, title, hint, kind: type, required, options, default: usual }) => {
          const refused = wrong.field === name;
          const shared = {
            name,
            required,
            defaultValue: usual,
            "aria-invalid": refused || undefined,
            "aria-describedby": refused ? `alerta-${name}` : undefined,
          };
          return (
            <label key={name}>
              {title}
              {options.length > 0 ? (
                <select {...shared}>
                  {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
                </select>
              ) : (
                <input
                  {...shared}
                  type={type === "password" ? "password" : "text"}
                  inputMode={type === "number" ? "numeric" : undefined}
                  autoComplete={type === "password" ? "new-password" : "off"}
                  spellCheck={false}
                  maxLength={2000}
                />
              )}
              {refused && <strong className="wrong" id={`alerta-${name}`} role="alert">{wrong.text}</strong>}
              {hint && <small>{hint}</small>}
            </label>
          );
        })}
      </div>
      <small>O que é secreto é guardado cifrado e nunca mais mostrado.</small>
      <button type="submit" disabled={busy !== ""}>Acrescentar</button>
      <Outcome busy={busy} said={said} />
    </form>
  );
}
