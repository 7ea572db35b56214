"use client";

import { useState } from "react";
import { ask, moment, type Change } from "@/lib/api";
import { Outcome, useAct, useAsk } from "@/lib/ui";

const ACTIONS: Record<string, string> = {
  "senha errada": "Senha errada",
  "POST /login": "Entrou",
  "POST /logout": "Saiu",
  "PUT /credentials": "Mudou as credenciais do Sienge",
  "POST /credentials/test": "Testou a conexão",
  "POST /credentials/permissions": "Conferiu as permissões",
  "POST /credentials/permissions/again": "Conferiu de novo as permissões",
  "PUT /first": "Avançou nos primeiros passos",
  "POST /schedule/cost": "Perguntou quanto gasta um horário",
  "POST /schedule/rounds/cost": "Perguntou quanto gastam as rodadas",
  "PUT /schedule/rounds": "Mudou as rodadas",
  "DELETE /schedule/rounds": "Desligou as rodadas",
  "POST /sync": "Começou uma sincronização",
  "DELETE /sync": "Cancelou a sincronização",
  "PUT /tables": "Mudou o que ler",
  "POST /tables/estimate": "Perguntou quanto há para ler",
  "PUT /schedule": "Mudou o horário",
  "PUT /alerts": "Mudou quando avisar",
  "POST /alerts/targets": "Acrescentou um aviso",
  "DELETE /alerts/targets/{target}": "Tirou um aviso",
  "POST /alerts/test": "Enviou um teste dos avisos",
  "POST /bi/password": "Viu a senha do banco",
  "POST /tables/{table}/again": "Mandou ler de novo uma tabela",
  "PUT /personal": "Mudou se os dados pessoais aparecem",
  "POST /hooks/check": "Conferiu o endereço dos ganchos",
  "POST /hooks/registration": "Registrou os ganchos no Sienge",
  "DELETE /hooks/registration": "Removeu os ganchos do Sienge",
  "POST /hooks/token": "Viu o token dos ganchos",
  "POST /hooks/again": "Mandou ler de novo um aviso separado",
  "POST /assistant/tokens": "Criou uma ficha de assistente",
  "DELETE /assistant/tokens/{name:path}": "Revogou uma ficha de assistente",
  "PUT /settlements": "Mudou que baixas são dinheiro",
};

const NAMES: Record<string, string> = {
  subdomain: "Subdomínio",
  username: "Usuário de API",
  password: "Senha de API",
  plan: "Plano",
  start_date: "Data inicial",
  personal_data: "Dados pessoais",
  tabelas: "Tabelas",
  hora: "Horário",
  rodadas: "Rodadas",
  alertas: "Endereços dos avisos",
  alerta_horas: "Horas até avisar",
  ganchos: "Ganchos no Sienge",
  ganchos_segredo: "Segredo dos ganchos",
  ficha: "Ficha",
  ganchos_token: "Token dos ganchos",
};

const written = (value: unknown) =>
  value == null ? "nada" : typeof value === "object" ? JSON.stringify(value) : String(value);

/** Who changed what, and the wrong passwords: the newest first. */
export function Changes() {
  const { data, problem } = useAsk<Change[]>("/changes");
  const [older, setOlder] = useState<Change[]>([]);
  const [end, setEnd] = useState(false);
  const { busy, said, act } = useAct();
  if (!data) return <p>{problem}</p>;
  const shown = [...data, ...older];

  const more = () =>
    act("Buscando…", async () => {
      const found = await ask<Change[]>("GET", `/changes?before=${shown.at(-1)?.id}`);
      setOlder([...older, ...found]);
      setEnd(found.length === 0);
    });

  return (
    <>
      <p>O que foi feito neste painel no último ano, por quem e de que endereço; também as senhas erradas.</p>
      <div className="short" tabIndex={0} role="region" aria-label="Mudanças">
        <ul className="list">
          {shown.map(({ id, when, role, address, action, values }) => (
            <li key={id}>
              {ACTIONS[action] ?? action}
              {values.map((value) => (
                <small key={value.name}>
                  {NAMES[value.name] ?? value.name}:{" "}
                  {value.secret ? "mudou (é secreto)" : `de ${written(value.before)} para ${written(value.after)}`}
                </small>
              ))}
              <small>
                {[moment(when), role || "ninguém entrou", address].join(", ")}
              </small>
            </li>
          ))}
        </ul>
      </div>
      {shown.length >= 50 && !end && (
        <button type="button" className="plain start" disabled={busy !== ""} onClick={more}>Mostrar mais antigas</button>
      )}
      <Outcome busy={busy} said={said} />
    </>
  );
}
