"use client";

import { useEffect } from "react";
import { ask, many, moment, number, shortDay, type Answer, type Hooks as Told } from "@/lib/api";
import { Events } from "@/lib/events";
import { Registration } from "@/lib/registration";
import { useStatus } from "@/lib/shell";
import { Outcome, useAct, useAsk } from "@/lib/ui";

/** What Sienge tells the panel, and the buttons by which it begins or ends to. */
export default function Hooks() {
  const { status, owner } = useStatus();
  const { data, problem, reload } = useAsk<Told>("/hooks");
  useEffect(() => void reload(), [reload, status]);
  const { busy, said, act } = useAct();

  const retry = (query: string) =>
    void act("Pondo na fila…", async () => {
      const answer = await ask<Answer>("POST", `/hooks/again${query}`);
      await reload();
      return { tone: "good", text: answer.message };
    });

  return (
    <>
      <h1>Ganchos</h1>
      {problem && <p role="alert" className="note bad">{problem}</p>}
      {data && (
        <>
          <section className="card">
            <h2>Como o Sienge avisa</h2>
            <p>
              A cada mudança, o Sienge manda a este servidor só os códigos do que mudou. O painel espera alguns segundos,
              lê esses registros e os grava no banco. Os avisos não trazem dados, e nada sai da empresa por eles.
            </p>
            <Registration told={data} reload={reload} />
          </section>
          <section className="card">
            <h2>O que chegou</h2>
            <dl className="facts">
              <div>
                <dt>Último aviso</dt>
                <dd>{moment(data.last)}</dd>
              </div>
              <div>
                <dt>Esperando</dt>
                <dd>{many(data.waiting, "aviso", "avisos")}</dd>
              </div>
              <div>
                <dt>Separados</dt>
                <dd>{many(data.aside, "aviso", "avisos")}</dd>
              </div>
              <div>
                <dt>Do aviso ao banco, hoje</dt>
                <dd>{data.seconds === null ? "—" : `${number(data.seconds)} s (metade em menos)`}</dd>
              </div>
            </dl>
            <Outcome busy={busy} said={said} />
          </section>
          {data.set_aside.length > 0 && (
            <section className="card">
              <h2>Separados</h2>
              <p>Estes avisos falharam várias vezes. A sincronização da noite lê o que eles diziam; veja o motivo de cada um.</p>
              <Events title="Avisos separados" events={data.set_aside} retry={owner ? retry : undefined} />
            </section>
          )}
          <section className="card">
            <h2>Últimos avisos</h2>
            {data.events.length === 0 ? <p>Ainda não chegou nenhum aviso.</p> : <Events title="Avisos" events={data.events} />}
          </section>
          {data.days.length > 0 && (
            <section className="card">
              <h2>Por dia e tipo</h2>
              <ul className="counted">
                {data.days.map(({ day, type, events }) => (
                  <li key={`${day}${type}`}>
                    {shortDay(day)} {type}
                    <span>{number(events)}</span>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </>
      )}
    </>
  );
}
