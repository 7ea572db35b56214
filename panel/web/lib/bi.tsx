"use client";

import { useState, type FormEvent } from "react";
import { ask, type Place, type Revealed } from "@/lib/api";
import { Project } from "@/lib/powerbi";
import { useStatus } from "@/lib/shell";
import { Copy, Outcome, useAct, useAsk } from "@/lib/ui";

/** How to connect Power BI; the password only for who tells the panel's again. */
export function PowerBI() {
  const { owner } = useStatus();
  const { data: place, problem } = useAsk<Place>("/bi");
  const [password, setPassword] = useState("");
  const { busy, said, act } = useAct();

  const tell = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const own = new FormData(event.currentTarget).get("password");
    void act("Conferindo…", async () => {
      setPassword((await ask<Revealed>("POST", "/bi/password", { password: own })).password);
    });
  };

  if (!place) return <p>{problem}</p>;
  return (
    <>
      <Project />
      <p>Ou baixe só a conexão, para fazer o seu próprio modelo, e informe o usuário e a senha abaixo, que só podem ler.</p>
      <a className="button" href="/api/bi/sienge.pbids" download>
        Baixar o arquivo para o Power BI
      </a>
      <p>
        O que cada tabela e coluna quer dizer está na <a href="/docs/">documentação dos modelos</a>, que aparece depois
        da primeira sincronização.
      </p>
      <dl className="copy">
        <Copy title="Servidor" text={`${place.host}:${place.port}`} />
        <Copy title="Banco" text={place.database} />
        <Copy title="Usuário" text={place.user} />
        {password && <Copy title="Senha" text={password} />}
        <Copy title="ODBC" text={place.odbc} />
        <Copy title="JDBC" text={place.jdbc} />
      </dl>
      {owner && !password && (
        <form onSubmit={tell}>
          <label>
            Senha do painel, para mostrar a do banco
            <input name="password" type="password" autoComplete="current-password" required />
          </label>
          <button type="submit" className="plain" disabled={busy !== ""}>Mostrar a senha do banco</button>
          <Outcome busy={busy} said={said} />
        </form>
      )}
    </>
  );
}
