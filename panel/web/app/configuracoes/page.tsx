"use client";

import { Alerts } from "@/lib/alerts";
import { PowerBI } from "@/lib/bi";
import { Choice } from "@/lib/choice";
import { ConnectionTest, CredentialsForm } from "@/lib/credentials";
import { Schedule } from "@/lib/schedule";
import { Settlements } from "@/lib/settlements";

const SECTIONS = [
  ["credenciais", "Credenciais do Sienge", CredentialsForm],
  ["conexao", "Conexão e permissões", ConnectionTest],
  ["o-que-ler", "O que ler", Choice],
  ["horario", "Horário", Schedule],
  ["baixas", "Que baixas são dinheiro", Settlements],
  ["alertas", "Alertas", Alerts],
  ["power-bi", "Power BI e outros programas", PowerBI],
] as const;

export default function Settings() {
  return (
    <>
      <h1>Configurações</h1>
      {SECTIONS.map(([id, title, Section]) => (
        <section key={id} id={id} className="card">
          <h2>{title}</h2>
          <Section />
        </section>
      ))}
    </>
  );
}
