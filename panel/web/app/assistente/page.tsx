"use client";

import { useEffect, useState, type FormEvent } from "react";
import { ask, moment, number, type Answer, type Assistants, type AssistantCall, type HookToken } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { Copy, Outcome, useAct, useAsk } from "@/lib/ui";

/** Which assistants may ask the models, and what they asked. */
export default function Assistant() {
  const { status, owner } = useStatus();
  const { data, problem, reload } = useAsk<Assistants>("/assistant");
  useEffect(() => void reload(), [reload, status]);
  if (!owner)
    return (
      <>
        <h1>Assistente</h1>
        <p className="card">Só o dono vê as fichas e o que os assistentes perguntaram: entre com a senha dele.</p>
      </>
    );
  return (
    <>
      <h1>Assistente</h1>
      {problem && <p role="alert" className="note bad">{problem}</p>}
      {data ? (
        <>
          <Tokens told={data} reload={reload} />
          <Calls calls={data.calls} />
        </>
      ) : (
        !problem && <p>Carregando…</p>
      )}
    </>
  );
}

function Tokens({ told, reload }: { told: Assistants; reload: () => Promise<void> }) {
  const { busy, said, act } = useAct();
  const [made, setMade] = useState("");

  const make = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get("name"));
    setMade("");
    void act("Criando…", async () => {
      setMade((await ask<HookToken>("POST", "/assistant/tokens", { name })).token);
      form.reset();
      await reload();
      return { tone: "good", text: "Ficha criada: guarde-a agora, ela não será mostrada de novo." };
    });
  };
  const revoke = (name: string) =>
    void act("Revogando…", async () => {
      const answer = await ask<Answer>("DELETE", `/assistant/tokens/${encodeURIComponent(name)}`);
      setMade("");
      await reload();
      return { tone: "good", text: answer.message };
    });

  return (
    <section className="card">
      <h2>Fichas</h2>
      <p>
        Um assistente (Claude, ChatGPT, Copilot, n8n) pergunta aos modelos pelo servidor MCP, que só lê e não alcança
        dados pessoais. Por HTTP, ele entra com uma ficha no cabeçalho <code>Authorization: Bearer</code>. Dê uma a cada
        programa ou pessoa: a que for revogada não vale mais na mesma hora.
      </p>
      {told.tokens.length === 0 ? (
        <p>Ainda não há fichas: ninguém entra por HTTP.</p>
      ) : (
        <ul className="list">
          {told.tokens.map(({ name, made, used }) => (
            <li key={name} className="row apart">
              <div>
                <strong>{name}</strong>
                <small>{`Criada ${moment(made)}. ${used ? `Última pergunta ${moment(used)}.` : "Sem perguntas recentes."}`}</small>
              </div>
              <button type="button" className="plain small" disabled={busy !== ""} onClick={() => revoke(name)}>
                Revogar<span className="hidden">{` a ficha ${name}`}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={make}>
        <label>
          Nome da ficha nova
          <input name="name" required maxLength={60} pattern="[\w@.+ \-]+" autoComplete="off" />
          <small>De quem é, como n8n ou Maria: o registro diz quem perguntou.</small>
        </label>
        <button type="submit" disabled={busy !== ""}>Criar ficha</button>
      </form>
      <Outcome busy={busy} said={said} />
      {made && (
        <dl className="copy">
          <Copy title="Ficha" text={made} />
        </dl>
      )}
    </section>
  );
}

/** What a call came to. */
const came = ({ rows, cut, error }: AssistantCall) =>
  error ?? [rows === null ? "" : `${number(rows)} ${rows === 1 ? "linha" : "linhas"}`, cut].filter(Boolean).join(". ");

function Calls({ calls }: { calls: AssistantCall[] }) {
  return (
    <section className="card">
      <h2>O que foi perguntado</h2>
      {calls.length === 0 ? (
        <p>Nada ainda, ou o registro do servidor MCP está em outra máquina.</p>
      ) : (
        <>
          <p>As últimas {number(calls.length)} chamadas. As linhas das respostas não ficam no registro.</p>
          <ul className="list">
            {calls.map((call) => (
              <li key={`${call.when}${call.tool}`}>
                <span className="row">
                  {moment(call.when)}, {call.who}: <code>{call.tool}</code>
                  {call.error && <span className="mark warn">Recusada</span>}
                </span>
                <small>{[came(call), call.ms === null ? "" : `${number(call.ms)} ms`].filter(Boolean).join("; ")}</small>
                {Object.keys(call.arguments).length > 0 && (
                  <small className="asis"><code>{JSON.stringify(call.arguments)}</code></small>
                )}
                {call.sql && (
                  <details>
                    <summary>
                      SQL<span className="hidden">{` de ${call.tool}, ${moment(call.when)}`}</span>
                    </summary>
                    <pre tabIndex={0} role="region" aria-label={`SQL de ${call.tool}, ${moment(call.when)}`}>{call.sql}</pre>
                  </details>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
