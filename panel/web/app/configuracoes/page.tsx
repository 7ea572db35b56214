"use client";

import { Alerts } from "@/lib/alerts";
import { PowerBI } from "@/lib/bi";
import { Choice } from "@/lib/choice";
import { ConnectionTest, CredentialsForm } from "@/lib/credentials";
import { PersonalData } from "@/lib/personal";
import { Schedule } from "@/lib/schedule";
import { Settlements } from "@/lib/settlements";

const SECTIONS = [
  ["Credenciais do Sienge", CredentialsForm],
  ["Conexão e permissões", ConnectionTest],
  ["O que ler", Choice],
  ["Horário", Schedule],
  ["Que baixas são dinheiro", Settlements],
  ["Dados pessoais no painel", PersonalData],
  ["Alertas", Alerts],
  ["Power BI e outros programas", PowerBI],
] as const;

export default function Settings() {
  return (
    <>
      <h1>Configurações</h1>
      {SECTIONS.map(([title, Section]) => (
        <section key={title} className="card">
          <h2>{title}</h2>
          <Section />
        </section>
      ))}
    </>
  );
}
