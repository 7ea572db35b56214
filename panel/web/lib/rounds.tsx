"use client";

import { useState, type FormEvent } from "react";
import { ask, many, moment, number, type RoundsSpent, type Times } from "@/lib/api";
import { Hours, useCost, WeekDays } from "@/lib/schedule";
import { useStatus } from "@/lib/shell";
import { Outcome, useAct } from "@/lib/ui";

const EVERY = [
  [10, "A cada 10 minutos"],
  [15, "A cada 15 minutos"],
  [20, "A cada 20 minutos"],
  [30, "A cada 30 minutos"],
  [60, "A cada hora"],
  [120, "A cada 2 horas"],
  [180, "A cada 3 horas"],
  [240, "A cada 4 horas"],
] as const;

const USUAL = { every: 30, first: 7, last: 20, days: [0, 1, 2, 3, 4] };

/** The rounds between the readings of everything: whether, how often, and what they cost a day. */
export function Rounds({ times, refresh }: { times: Times; refresh: () => Promise<void> }) {
  const { rounds } = times;
  return (
    <div id="rodadas">
      <h3>Rodadas durante o dia</h3>
      <p>
        Entre as leituras inteiras, uma rodada pede ao Sienge só o que ele sabe dizer que mudou, como vendas, clientes e
        títulos, e refaz só os modelos que dependem disso. O que ela não vê, como exclusões, vem à noite.
      </p>
      {rounds.words && (
        <p>
          <strong className="first-up">{rounds.words}. </strong>
          {rounds.next && `Próxima rodada: ${moment(rounds.next)}.`}
        </p>
      )}
      {rounds.from !== "environment" ? (
        <Form times={times} refresh={refresh} />
      ) : rounds.cron ? (
        <p>
          As rodadas estão fixadas no servidor, em <code>SYNC_ROUNDS_CRON</code>: <code>{rounds.cron}</code>.
        </p>
      ) : (
        <p>
          O horário está fixado no servidor: para fazer rodadas, informe nele também <code>SYNC_ROUNDS_CRON</code>, como{" "}
          <code>*/30 7-20 * * 1-5</code>.
        </p>
      )}
    </div>
  );
}

function Form({ times, refresh }: { times: Times; refresh: () => Promise<void> }) {
  const { reload } = useStatus();
  const { busy, said, act } = useAct();
  const [on, setOn] = useState(times.rounds.plan !== null);
  const [chosen, setChosen] = useState({ ...USUAL, ...times.rounds.plan });
  const set = (change: Partial<typeof USUAL>) => setChosen({ ...chosen, ...change });
  const cost = useCost<RoundsSpent>("/schedule/rounds/cost", JSON.stringify(chosen), on);

  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void act("Salvando…", async () => {
      await ask(on ? "PUT" : "DELETE", "/schedule/rounds", on ? chosen : undefined);
      await Promise.all([refresh(), reload()]);
      return { tone: "good", text: on ? "Rodadas salvas." : "Rodadas desligadas." };
    });
  };

  return (
    <form onSubmit={save}>
      <label className="check">
        <input type="checkbox" checked={on} onChange={(event) => setOn(event.target.checked)} />
        Fazer rodadas
      </label>
      {on && (
        <>
          <div className="fields">
            <label>
              De quanto em quanto tempo
              <select value={chosen.every} onChange={(event) => set({ every: Number(event.target.value) })}>
                {EVERY.map(([every, title]) => (
                  <option key={every} value={every}>{title}</option>
                ))}
              </select>
            </label>
            <Hours first={chosen.first} last={chosen.last} set={set} />
          </div>
          <WeekDays days={chosen.days} set={set} />
          <Cost cost={cost} />
        </>
      )}
      {(on || times.rounds.plan !== null) && (
        <button type="submit" disabled={busy !== "" || (on && typeof cost === "string")}>Salvar rodadas</button>
      )}
      <Outcome busy={busy} said={said} />
    </form>
  );
}

function Cost({ cost }: { cost: RoundsSpent | string }) {
  if (typeof cost === "string") return <p role="status" className={`note ${cost && "bad"}`}>{cost}</p>;
  const { rest, bulk, left, night, runs, tables, measured, instead, words } = cost;
  if (tables === 0)
    return (
      <p role="status" className="note warn">
        Nenhuma das tabelas escolhidas em «O que ler» sabe dizer o que mudou: uma rodada não pediria nada.
      </p>
    );
  const over = (left.rest !== null && rest > left.rest) || (left.bulk !== null && bulk > left.bulk);
  const both = (rest: number | null, bulk: number | null) =>
    [rest !== null && `${number(rest)} REST`, bulk !== null && `${number(bulk)} BULK`].filter(Boolean).join(" e ");
  const limited = left.rest !== null || left.bulk !== null;
  return (
    <p role="status" className={`note ${over ? "warn" : "idle"}`}>
      <span className="first-up">{`${words}:`}</span> {many(runs, "rodada", "rodadas")} por dia, cerca de{" "}
      {both(rest, bulk || null)} por dia,{" "}
      {measured ? "como as últimas rodadas" : "com uma requisição por tabela que diz o que mudou"}.
      {limited && ` Da cota do dia, ${both(night.rest, night.bulk)} são da leitura inteira; sobram ${both(left.rest, left.bulk)}.`}
      {over &&
        (instead
          ? ` Não cabe no que sobra: ${instead} caberia.`
          : " Não cabe no que sobra, seja qual for o intervalo: escolha menos horas, ou menos tabelas.")}
      {over && " Quando a parte das rodadas acaba, elas param até o dia seguinte; a leitura inteira não perde nada."}
    </p>
  );
}
