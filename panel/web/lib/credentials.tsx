"use client";

import { useState, type FormEvent } from "react";
import { ask, moment, type Answer, type Credentials, type Listing } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { Outcome, useAct, useAsk, type Said } from "@/lib/ui";

const FIELDS = [
  ["subdomain", "Subdomínio", "O nome que vem antes de .sienge.com.br no endereço do seu Sienge."],
  ["username", "Usuário de API", "Criado no painel de integrações do Sienge; não é o login de uma pessoa."],
  ["password", "Senha de API", "É guardada cifrada e nunca mais mostrada."],
  ["start_date", "Data inicial (opcional)", "Primeiro dia lido de títulos e extratos, como 2020-01-31."],
] as const;

const choices = (plans: string[]) => [
  ["plan", "Plano do Sienge", "Diz quantas requisições um dia pode ter.", plans] as const,
  [
    "personal_data",
    "Dados pessoais (LGPD)",
    "O que fazer com nomes, CPF, telefones e e-mails. Mudar relê todas as tabelas; só o que já foi excluído fica como estava.",
    ["keep", "mask", "drop"],
  ] as const,
];

const LABELS: Record<string, string> = { keep: "Deixar como estão", mask: "Mascarar", drop: "Deixar vazios" };

const said = (answer: Answer): Said => ({ tone: answer.outcome === "ok" ? "good" : "bad", text: answer.message });

/** The credentials of Sienge: told, never shown. */
export function CredentialsForm({ saved }: { saved?: () => void }) {
  const { reload } = useStatus();
  const { data: known, problem, reload: refresh } = useAsk<Credentials>("/credentials");
  const { data: plans } = useAsk<string[]>("/credentials/plans");
  const { busy, said: outcome, act } = useAct();
  if (!known) return <p>{problem}</p>;

  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
    void act("Salvando…", async () => {
      const answer = await ask<Answer>("PUT", "/credentials", given);
      await Promise.all([refresh(), reload()]);
      form.reset();
      saved?.();
      return said(answer);
    });
  };

  const about = (name: string) => {
    const found = known[name];
    if (found?.from === "environment") return "Definido no ambiente do servidor, que vale mais. ";
    return found?.set ? `Guardado ${moment(found.when)}; em branco, fica como está. ` : "";
  };
  const fixed = (name: string) => known[name]?.from === "environment";

  return (
    <form onSubmit={save}>
      <div className="fields">
      {FIELDS.map(([name, title, hint]) => (
        <label key={name}>
          {title}
          <input
            name={name}
            type={name === "password" ? "password" : "text"}
            autoComplete={name === "password" ? "new-password" : "off"}
            autoCapitalize="none"
            spellCheck={false}
            disabled={fixed(name)}
            required={name !== "start_date" && !known[name]?.set}
          />
          <small>{about(name)}{hint}</small>
        </label>
      ))}
      {choices(plans ?? []).map(([name, title, hint, values]) => (
        <label key={name}>
          {title}
          <select name={name} disabled={fixed(name)} defaultValue="">
            <option value="">{known[name]?.set ? "Sem mudança" : "Não informado"}</option>
            {values.map((value) => (
              <option key={value} value={value}>
                {LABELS[value] ?? value[0]?.toUpperCase() + value.slice(1)}
              </option>
            ))}
          </select>
          <small>{about(name)}{hint}</small>
        </label>
      ))}
      </div>
      <button type="submit" disabled={busy !== ""}>Salvar</button>
      <Outcome busy={busy} said={outcome} />
    </form>
  );
}

/** The tap's own test, and on demand which tables the API user may read. */
export function ConnectionTest({ passed }: { passed?: () => void }) {
  const { status } = useStatus();
  const { busy, said: outcome, act } = useAct();
  const { data: known } = useAsk<Listing>("/tables");
  const [found, setFound] = useState<Answer | null>(null);

  const titles = (names: string[]) =>
    names.map((name) => known?.tables.find(({ table }) => table === name)?.title ?? name).sort().join(", ");

  const test = (title: string, path: string) =>
    act(title, async () => {
      const answer = await ask<Answer>("POST", path);
      setFound(answer);
      if (answer.outcome === "ok") passed?.();
      return said(answer);
    });

  return (
    <>
      <div className="row">
        <button
          type="button"
          className={passed && "start"}
          disabled={busy !== "" || !status.configured}
          onClick={() => test("Testando…", "/credentials/test")}
        >
          Testar conexão
        </button>
        {!passed && (
          <button
            type="button"
            className="plain"
            disabled={busy !== "" || !status.configured}
            onClick={() => test("Perguntando por cada tabela…", "/credentials/permissions")}
          >
            Ver permissões (gasta até {status.permissions_cost} requisições)
          </button>
        )}
      </div>
      <Outcome busy={busy} said={outcome} />
      {found && found.refused.length > 0 && (
        <p>
          <strong>Sem permissão:</strong> {titles(found.refused)}
        </p>
      )}
      {found && found.readable.length > 0 && (
        <p>
          <strong>Pode ler:</strong> {titles(found.readable)}
        </p>
      )}
    </>
  );
}
