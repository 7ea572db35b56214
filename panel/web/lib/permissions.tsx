"use client";

import { useEffect } from "react";
import { ask, many, moment, type Answer, type Permissions } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { Outcome, useAct, useAsk } from "@/lib/ui";

/** The tables that the API user may not read, as Sienge lists them, and how to release them. */
export function Forbidden() {
  const { status, reload, owner } = useStatus();
  const { data: found, problem, reload: refresh } = useAsk<Permissions>("/credentials/permissions");
  const { busy, said, act } = useAct();
  useEffect(() => void refresh(), [refresh, status.last?.id, status.running]);
  const ready = found !== null;
  useEffect(() => {
    if (ready && location.hash === "#permissoes") document.getElementById("permissoes")?.scrollIntoView();
  }, [ready]);
  const refused = found ? found.total - found.readable : 0;
  if (problem) return <p role="alert" className="note bad">{problem}</p>;
  if (!found || (!refused && !said && !busy)) return null;

  const again = () =>
    act("Conferindo de novo…", async () => {
      const answer = await ask<Answer>("POST", "/credentials/permissions/again");
      await Promise.all([refresh(), reload()]);
      return { tone: answer.outcome !== "ok" ? "bad" : answer.refused.length ? "warn" : "good", text: answer.message };
    });

  return (
    <section className="card" id="permissoes">
      <h2>Sem permissão: {many(refused, "tabela", "tabelas")}</h2>
      {refused > 0 && (
        <p>
          Para lê-las, entre no Sienge como administrador, abra o Painel de Integrações, escolha o usuário de API e
          libere para ele os recursos abaixo, de consulta (GET). Depois confira de novo. O que não interessa pode sair
          de «O que ler».
        </p>
      )}
      <ul className="list">
        {found.resources.map((resource) => (
          <li key={resource.name}>
            <details>
              <summary>
                {resource.title} <code>{resource.name}</code>{" "}
                <small className="beside">{many(resource.tables.length, "tabela", "tabelas")}</small>
              </summary>
              <ul className="inner">
                {resource.tables.map((table) => (
                  <li key={table.table}>
                    {table.title} <code>{table.path}</code>
                    <small>{table.reason}</small>
                  </li>
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ul>
      <div className="row">
        {refused > 0 && owner && (
          <button type="button" disabled={busy !== "" || !status.configured || status.running !== ""} onClick={again}>
            Conferir de novo
          </button>
        )}
        <small>
          {refused > 0 && owner && `Gasta até ${many(refused, "requisição", "requisições")}, só com estas. `}
          {found.checked && `Conferido ${moment(found.checked)}.`}
        </small>
      </div>
      <Outcome busy={busy} said={said} />
    </section>
  );
}
