"use client";

import { useEffect, useState, type FormEvent } from "react";
import { ask } from "@/lib/api";

type Place = { host: string; port: number; database: string; user: string; odbc: string; jdbc: string };

/** How to connect Power BI; the password only for who tells the panel's again. */
export function PowerBI() {
  const [place, setPlace] = useState<Place | null>(null);
  const [password, setPassword] = useState("");
  const [said, setSaid] = useState("");

  useEffect(() => {
    ask<Place>("GET", "/bi").then(setPlace, (error: Error) => setSaid(error.message));
  }, []);

  const tell = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setSaid("");
    try {
      const own = new FormData(form).get("password");
      setPassword((await ask<{ password: string }>("POST", "/bi/password", { password: own })).password);
      form.reset();
    } catch (error) {
      setSaid((error as Error).message);
    }
  };

  const copy = (text: string) =>
    navigator.clipboard.writeText(text).then(
      () => setSaid("Copiado."),
      () => setSaid("O navegador não deixou copiar."),
    );

  const rows: [string, string][] = place
    ? [
        ["Servidor", `${place.host}:${place.port}`],
        ["Banco", place.database],
        ["Usuário", place.user],
        ["ODBC", place.odbc],
        ["JDBC", place.jdbc],
        ...(password ? [["Senha", password] as [string, string]] : []),
      ]
    : [];

  return (
    <section>
      <h2>Power BI e outros programas</h2>
      <p role="status">{said}</p>
      {place && (
        <>
          <p>
            <a href="/api/bi/sienge.pbids" download>Baixar o arquivo para o Power BI</a>, abri-lo e informar o usuário
            e a senha que só leem.
          </p>
          <dl className="copy">
            {rows.map(([title, text]) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>
                  <code>{text}</code>{" "}
                  <button type="button" className="plain" aria-label={`Copiar ${title}`} onClick={() => copy(text)}>
                    Copiar
                  </button>
                </dd>
              </div>
            ))}
          </dl>
          <form onSubmit={tell}>
            <label>
              Senha do painel, para mostrar a do banco
              <input name="password" type="password" autoComplete="current-password" required />
            </label>
            <button type="submit">Mostrar a senha do banco</button>
          </form>
        </>
      )}
    </section>
  );
}
