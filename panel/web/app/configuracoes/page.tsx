"use client";

import { useCallback, useEffect, useState, type FormEvent } from "react";
import { ask, moment, type Answer, type Credentials } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { PowerBI } from "./bi";

const FIELDS = [
  ["subdomain", "Subdomínio", "O nome que vem antes de .sienge.com.br no endereço do seu Sienge."],
  ["username", "Usuário de API", "Criado no painel de integrações do Sienge; não é o login de uma pessoa."],
  ["password", "Senha de API", "A senha do usuário de API."],
  ["start_date", "Data inicial", "Primeiro dia lido de títulos e extratos, como 2020-01-31."],
] as const;

const CHOICES = [
  ["plan", "Plano do Sienge", ["free", "start", "special", "essencial", "enterprise", "business", "ultimate", "infinity"]],
  ["personal_data", "Dados pessoais (LGPD)", ["keep", "mask", "drop"]],
] as const;

const LABELS: Record<string, string> = { keep: "deixar como estão", mask: "mascarar", drop: "deixar vazios" };

export default function Settings() {
  const { status, reload } = useStatus();
  const [known, setKnown] = useState<Credentials>({});
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [busy, setBusy] = useState("");

  const refresh = useCallback(async () => setKnown(await ask<Credentials>("GET", "/credentials")), []);
  useEffect(() => {
    refresh().catch(() => undefined);
  }, [refresh]);

  const act = async (title: string, method: string, path: string, body?: unknown) => {
    setBusy(title);
    setAnswer(null);
    try {
      setAnswer(await ask<Answer>(method, path, body));
      await Promise.all([refresh(), reload()]);
      return true;
    } catch (error) {
      setAnswer({ outcome: "failed", message: (error as Error).message, readable: [], refused: [] });
      return false;
    } finally {
      setBusy("");
    }
  };

  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = [...new FormData(form)].filter(([, value]) => value !== "");
    if (await act("Salvando…", "PUT", "/credentials", Object.fromEntries(given))) form.reset();
  };

  const state = (name: string) => {
    const found = known[name];
    if (!found?.set) return "não informado";
    return found.from === "environment" ? "definido no ambiente do servidor, que vale mais" : `guardado em ${moment(found.when)}`;
  };
  const fixed = (name: string) => known[name]?.from === "environment";

  return (
    <>
      <h1>Configurações</h1>
      <h2>Credenciais do Sienge</h2>
      <p>São guardadas cifradas e nunca mais mostradas. Deixe em branco o que não quer mudar.</p>
      <form onSubmit={save}>
        {FIELDS.map(([name, title, hint]) => (
          <label key={name}>
            {title} <small>({state(name)})</small>
            <input
              name={name}
              type={name === "password" ? "password" : "text"}
              autoComplete={name === "password" ? "new-password" : "off"}
              autoCapitalize="none"
              spellCheck={false}
              disabled={fixed(name)}
              required={name !== "start_date" && !known[name]?.set}
              aria-describedby={`${name}-dica`}
            />
            <small id={`${name}-dica`}>{hint}</small>
          </label>
        ))}
        {CHOICES.map(([name, title, values]) => (
          <label key={name}>
            {title} <small>({state(name)})</small>
            <select name={name} disabled={fixed(name)} defaultValue="">
              <option value="">sem mudança</option>
              {values.map((value) => (
                <option key={value} value={value}>{LABELS[value] ?? value}</option>
              ))}
            </select>
          </label>
        ))}
        <button type="submit" disabled={busy !== ""}>Salvar</button>
      </form>
      <div className="row">
        <button
          type="button"
          className="plain"
          disabled={busy !== "" || !status.configured}
          onClick={() => act("Testando…", "POST", "/credentials/test")}
        >
          Testar conexão
        </button>
        <button
          type="button"
          className="plain"
          disabled={busy !== "" || !status.configured}
          onClick={() => act("Perguntando por cada tabela…", "POST", "/credentials/permissions")}
        >
          Ver permissões (gasta até {status.permissions_cost} requisições)
        </button>
      </div>
      <p role="status" className={answer ? `note ${answer.outcome === "ok" ? "good" : "bad"}` : undefined}>
        {busy || answer?.message}
      </p>
      {answer && answer.refused.length > 0 && (
        <p>
          <strong>Sem permissão:</strong> {answer.refused.join(", ")}
        </p>
      )}
      {answer && answer.readable.length > 0 && (
        <p>
          <strong>Pode ler:</strong> {answer.readable.join(", ")}
        </p>
      )}
      <PowerBI />
    </>
  );
}
