"use client";

import { useState } from "react";
import { ask, many, type About, type Started } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { Outcome, useAct } from "@/lib/ui";

/** To read a table again as a whole: what it costs, what it loses, and the button. */
export function Again({ about, cost }: { about: About; cost: number | null }) {
  const { status, reload, owner } = useStatus();
  const [sure, setSure] = useState(false);
  const { busy, said, act } = useAct();
  const price =
    cost === null
      ? `requisições: ${about.requests.replaceAll("`", "")}`
      : `cerca de ${many(cost, "requisição", "requisições")}, como na última vez`;

  const start = () =>
    act("Esvaziando a tabela…", async () => {
      await ask<Started>("POST", `/tables/${about.table}/again`).finally(reload);
      setSure(false);
      return { tone: "good", text: "A leitura começou. Se ela só percebe que a tabela está vazia, outra a segue." };
    });

  if (!owner) return null;
  return (
    <section className="card">
      <h2>Ler de novo por inteiro</h2>
      <p>
        {`Esvazia a tabela e lê tudo outra vez (${price}). Até o fim da leitura ela fica vazia para quem a consulta, e as linhas já excluídas no Sienge se vão.`}
      </p>
      <label className="check">
        <input type="checkbox" checked={sure} onChange={(event) => setSure(event.target.checked)} />
        Entendi: esvaziar e ler tudo
      </label>
      <button
        type="button"
        className="plain start"
        disabled={!sure || busy !== "" || status.running !== "" || !status.configured}
        onClick={() => void start()}
      >
        {cost === null ? "Ler de novo por inteiro" : `Ler de novo por inteiro (${cost} req.)`}
      </button>
      <Outcome busy={busy} said={said} />
    </section>
  );
}
