"use client";

import Link from "next/link";
import { useEffect, useState } from "react";

/** What dbt wrote about the models, in a frame of ours. */
export default function Docs() {
  const [made, setMade] = useState(false);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const stop = new AbortController();
    fetch("/api/docs", { signal: stop.signal })
      .then(async (answer) => {
        if (!answer.ok) setProblem(((await answer.json()) as { detail: string }).detail);
        setMade(answer.ok);
        stop.abort(); // the frame asks for the rest
      })
      .catch(() => setProblem("O painel não respondeu. Confira se ele está no ar."));
    return () => stop.abort();
  }, []);

  return (
    <>
      <div className="row apart">
        <h1>Documentação dos modelos</h1>
        <Link prefetch={false} href="/configuracoes/">Voltar às Configurações</Link>
      </div>
      <p>
        O que cada tabela e coluna quer dizer. A moldura é do dbt, em inglês: em <em>Project</em>, à esquerda, abra{" "}
        <em>sienge</em>, <em>models</em> e <em>marts</em>; as descrições são em português.
      </p>
      {problem && <p className="card">{problem}</p>}
      {made && <iframe className="docs" src="/api/docs" title="Documentação dos modelos, feita pelo dbt" />}
    </>
  );
}
