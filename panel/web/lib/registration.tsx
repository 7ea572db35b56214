"use client";

import { useState, type FormEvent } from "react";
import { ask, moment, type Answer, type HookToken, type Hooks } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { Copy, Outcome, useAct } from "@/lib/ui";

/** Where Sienge is to call, whether it is reachable, and the only buttons that write to Sienge. */
export function Registration({ told, reload }: { told: Hooks; reload: () => Promise<void> }) {
  const { owner } = useStatus();
  const [sure, setSure] = useState(false);
  const [more, setMore] = useState("");
  const { busy, said, act } = useAct();

  if (!told.origin)
    return (
      <p className="note idle">
        Os ganchos estão desligados. Para ligá-los, o receptor precisa de um endereço na internet: a página
        «Ganchos» da documentação (docs/ganchos.md) mostra como, com o Caddy ou com um túnel da Cloudflare.
      </p>
    );

  const press = (title: string, method: string, path: string, body?: unknown) =>
    act(title, async () => {
      const answer = await ask<Answer>(method, `/hooks/${path}`, body);
      setSure(false);
      await reload();
      return { tone: answer.outcome === "ok" ? "good" : "bad", text: answer.message };
    });

  return (
    <>
      <p>
        {told.registered
          ? `Registrado no Sienge ${moment(told.registered.when)}, para ${told.registered.events} tipos de aviso.`
          : "O Sienge ainda não foi avisado deste endereço por este painel."}
      </p>
      {told.address ? (
        <dl className="copy">
          <Copy title="Endereço" text={told.address} />
        </dl>
      ) : (
        <p>
          O endereço começa por <code>{told.origin}</code>; o resto é secreto, e só o dono o vê.
        </p>
      )}
      {owner && (
        <>
          <button type="button" className="plain start" disabled={busy !== ""} onClick={() => press("Conferindo…", "POST", "check")}>
            Conferir o endereço
          </button>
          <p>
            Registrar e remover são as únicas gravações que este projeto faz no seu Sienge, e só quando alguém aperta um
            destes botões: registrar pede ao Sienge que avise o endereço acima, com um token que só ele e este painel
            conhecem; remover desfaz isso. Nenhum dado do Sienge muda. Cada um gasta poucas requisições da cota.
          </p>
          <label>
            Outros tipos de aviso, além dos 26 que o Sienge documenta, separados por espaços
            <input value={more} spellCheck={false} placeholder="BILL_UPDATED" onChange={(event) => setMore(event.target.value)} />
          </label>
          <label className="check">
            <input type="checkbox" checked={sure} onChange={(event) => setSure(event.target.checked)} />
            Entendi: gravar no Sienge a configuração dos avisos
          </label>
          <div className="row">
            <button
              type="button"
              disabled={!sure || busy !== "" || !told.configured}
              onClick={() => press("Registrando…", "POST", "registration", { more: more.split(/[\s,]+/).filter(Boolean) })}
            >
              Registrar no Sienge
            </button>
            <button
              type="button"
              className="plain"
              disabled={!sure || busy !== "" || !told.configured}
              onClick={() => press("Removendo…", "DELETE", "registration")}
            >
              Remover do Sienge
            </button>
          </div>
          <Outcome busy={busy} said={said} />
          <ByHand />
        </>
      )}
    </>
  );
}

/** The token, for who registers in Sienge's own panel; only for who tells the panel's password again. */
function ByHand() {
  const [token, setToken] = useState("");
  const { busy, said, act } = useAct();

  const tell = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get("password");
    void act("Conferindo…", async () => {
      setToken((await ask<HookToken>("POST", "/hooks/token", { password })).token);
    });
  };

  return (
    <details>
      <summary>Registrar à mão</summary>
      <p>No painel de integrações do Sienge, crie um webhook com o endereço acima, este token e os avisos que quiser.</p>
      {token ? (
        <dl className="copy">
          <Copy title="Token" text={token} />
        </dl>
      ) : (
        <form onSubmit={tell}>
          <label>
            Senha do painel, para mostrar o token
            <input name="password" type="password" autoComplete="current-password" required />
          </label>
          <button type="submit" className="plain" disabled={busy !== ""}>Mostrar o token</button>
          <Outcome busy={busy} said={said} />
        </form>
      )}
    </details>
  );
}
