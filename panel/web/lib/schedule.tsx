"use client";

import type { FormEvent } from "react";
import { ask, moment, type Times } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { Outcome, useAct, useAsk } from "@/lib/ui";

/** At which hour of the day everything is read. */
export function Schedule() {
  const { reload } = useStatus();
  const { data: times, problem, reload: refresh } = useAsk<Times>("/schedule");
  const { busy, said, act } = useAct();
  if (!times) return <p>{problem}</p>;

  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const hour = Number(new FormData(event.currentTarget).get("hour"));
    void act("Salvando…", async () => {
      await ask("PUT", "/schedule", { hour });
      await Promise.all([refresh(), reload()]);
      return { tone: "good", text: "Horário salvo." };
    });
  };

  return (
    <>
      <p>
        {times.active
          ? `Próxima sincronização: ${moment(times.next)}.`
          : "Nenhum agendador está no ar neste servidor: só se sincroniza pelo botão."}
      </p>
      {times.from === "environment" ? (
        <p>
          O horário está fixado no servidor, em <code>SYNC_CRON</code>: <code>{times.cron}</code>.
        </p>
      ) : (
        <form onSubmit={save}>
          <label>
            Todos os dias, às
            <select name="hour" defaultValue={times.hour ?? 2}>
              {Array.from({ length: 24 }, (_, hour) => (
                <option key={hour} value={hour}>{`${String(hour).padStart(2, "0")}:00`}</option>
              ))}
            </select>
            <small>Horário de São Paulo. De madrugada ninguém espera pelo Sienge.</small>
          </label>
          <button type="submit" disabled={busy !== ""}>Salvar horário</button>
          <Outcome busy={busy} said={said} />
        </form>
      )}
    </>
  );
}
