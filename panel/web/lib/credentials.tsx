"use client";

import { useState, type FormEvent } from "react";
import { ask, moment, type Answer, type Credentials, type Listing } from "@/lib/api";
import { Forbidden } from "@/lib/permissions";
import { useStatus } from "@/lib/shell";
import { Outcome, useAct, useAsk, type Said } from "@/lib/ui";

const FIELDS = [
  ["subdomain", "Subdomínio", "O nome que vem antes de .sienge.com.br no endereço do seu Sienge; pode colar o endereço."],
  ["username", "Usuário de API", "Criado no painel de integrações do Sienge; não é o login de uma pessoa."],
  ["password", "Senha de API", "É guardada cifrada e nunca mais mostrada."],
  ["start_date", "Data inicial (opcional)", "Primeiro dia lido de títulos e extratos, como 31/01/2020."],
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

/** Forbidden tables are a state of their own: neither good nor bad. */
const said = (answer: Answer): Said => ({
  tone: answer.outcome !== "ok" ? "bad" : answer.refused.length ? "warn" : "good",
  text: answer.message,
});

const REMOVABLE = ["plan", "start_date"];

const shown = (name: string, value: string) =>
  LABELS[value] ?? (name === "start_date" ? value.split("-").reverse().join("/") : name === "plan" ? title(value) : value);

const title = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}`;

/** The credentials of Sienge: shown, but for what is secret. */
export function CredentialsForm({ saved }: { saved?: () => void }) {
  const { reload } = useStatus();
  const { data: known, problem, reload: refresh } = useAsk<Credentials>("/credentials");
  const { data: plans, problem: unknown } = useAsk<string[]>("/credentials/plans");
  const { busy, said: outcome, act } = useAct();
  if (!known || !plans) return <p>{problem || unknown}</p>;

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
    const now = found?.value ? `Hoje: ${shown(name, found.value)}. ` : "";
    if (found?.from === "environment") return `${now}Definido no ambiente do servidor, que vale mais. `;
    return found?.set ? `${now}Guardado ${moment(found.when)}; em branco, fica como está. ` : "";
  };
  const remove = (name: string, label: string) =>
    act("Tirando…", async () => {
      await ask<Answer>("PUT", "/credentials", { [name]: "" });
      await Promise.all([refresh(), reload()]);
      return { tone: "good", text: `${label}: tirado.` };
    });
  const removal = (name: string, label: string) =>
    REMOVABLE.includes(name) &&
    known[name]?.from === "panel" && (
      <button
        type="button"
        className="plain small start"
        disabled={busy !== ""}
        onClick={() => remove(name, label)}
      >
        Tirar {label}
      </button>
    );
  const fixed = (name: string) => known[name]?.from === "environment";

  return (
    <form onSubmit={save}>
      <div className="fields">
      {FIELDS.map(([name, label, hint]) => (
        <div key={name} className="field">
        <label>
          {label}
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
        {removal(name, "a data inicial")}
        </div>
      ))}
      {choices(plans).map(([name, label, hint, values]) => (
        <div key={name} className="field">
        <label>
          {label}
          <select name={name} disabled={fixed(name)} defaultValue="">
            <option value="">{known[name]?.set ? "Sem mudança" : "Não informado"}</option>
            {values.map((value) => (
              <option key={value} value={value}>
                {LABELS[value] ?? title(value)}
              </option>
            ))}
          </select>
          <small>{about(name)}{hint}</small>
        </label>
        {removal(name, "o plano")}
        </div>
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
      if (answer.outcome === "ok" && !answer.refused.length) passed?.();
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
        {(!passed || found) && (
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
      {passed && found?.outcome === "ok" && (
        <button type="button" className="start" disabled={busy !== ""} onClick={passed}>
          Continuar com o que pode ser lido
        </button>
      )}
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
      {!passed && <Forbidden key={found?.message} />}
    </>
  );
}
