"use client";

import { Alerts } from "@/lib/alerts";
import { Changes } from "@/lib/changes";
import { PowerBI } from "@/lib/bi";
import { Choice } from "@/lib/choice";
import { ConnectionTest, CredentialsForm } from "@/lib/credentials";
import { Schedule } from "@/lib/schedule";
import { Settlements } from "@/lib/settlements";
import { useStatus } from "@/lib/shell";

/** What it is called, what shows it, and what of it a reader sees: nothing, all but buttons, or what it decides. */
const SECTIONS = [
  ["credenciais", "Credenciais do Sienge", CredentialsForm, "nothing"],
  ["conexao", "Conexão e permissões", ConnectionTest, "nothing"],
  ["o-que-ler", "O que ler", Choice, "fixed"],
  ["horario", "Horário", Schedule, "fixed"],
  ["baixas", "Que baixas são dinheiro", Settlements, "fixed"],
  ["alertas", "Alertas", Alerts, "own"],
  ["power-bi", "Power BI e outros programas", PowerBI, "own"],
  ["mudancas", "Quem mudou o quê", Changes, "nothing"],
] as const;

export default function Settings() {
  const { owner } = useStatus();
  return (
    <>
      <h1>Configurações</h1>
      {!owner && <p className="note idle">Você entrou como leitor: vê tudo, menos as credenciais, e não muda nada.</p>}
      {SECTIONS.filter(([, , , reader]) => owner || reader !== "nothing").map(([id, title, Section, reader]) => (
        <section key={id} id={id} className="card">
          <h2>{title}</h2>
          {owner || reader === "own" ? (
            <Section />
          ) : (
            <fieldset disabled className="fixed">
              <Section />
            </fieldset>
          )}
        </section>
      ))}
    </>
  );
}
