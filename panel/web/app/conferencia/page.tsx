"use client";

import { useEffect } from "react";
import { many, money, number, type Check, type Tone, type Trust } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { useAsk } from "@/lib/ui";

/** "contrato 12: -7.00" with the number as people here write it. */
const example = (text: string) => text.replace(/: (-?[\d.]+)$/, (_, value) => `: ${money(Number(value))}`);

function Mark({ tone, text }: { tone: Tone; text: string }) {
  return <span className={`mark ${tone}`}>{text}</span>;
}

export default function Checks() {
  const { status } = useStatus();
  const { data, problem, reload } = useAsk<Trust>("/trust");
  useEffect(() => void reload(), [reload, status.last?.id, status.running]);

  if (!data)
    return (
      <>
        <h1>Conferência</h1>
        <p>{problem || "Carregando…"}</p>
      </>
    );
  return (
    <>
      <h1>Conferência</h1>
      {problem && <p role="alert" className="note bad">{problem}</p>}
      {data.checks.length === 0 ? (
        <p className="card">As conferências aparecem aqui depois que os modelos são feitos pela primeira vez.</p>
      ) : (
        <div className="card wide" tabIndex={0} role="region" aria-label="Conferências">
          <table>
            <thead>
              <tr>
                <th scope="col">O que se confere</th>
                <th scope="col">Resultado</th>
                <th scope="col" className="number less">No modelo</th>
                <th scope="col" className="number less">Pelo outro caminho</th>
                <th scope="col" className="number">Diferença</th>
              </tr>
            </thead>
            <tbody>
              {data.checks.map((check) => (
                <tr key={`${check.model} ${check.name}`}>
                  <th scope="row">
                    {check.name}
                    <small>{check.model}</small>
                  </th>
                  <td>
                    <Mark tone={check.different ? "warn" : "good"} text={check.different ? "Difere" : "Confere"} />
                    <small>
                      {check.different
                        ? `${number(check.different)} de ${number(check.keys)}`
                        : many(check.keys, "comparação", "comparações")}
                    </small>
                    {check.examples && (
                      <details>
                        <summary>Onde difere</summary>
                        <ul>
                          {check.examples.map((text) => <li key={text}>{example(text)}</li>)}
                        </ul>
                        {check.different > check.examples.length && (
                          <small>As {check.examples.length} que mais diferem.</small>
                        )}
                      </details>
                    )}
                  </td>
                  <td className="number less">{money(check.value)}</td>
                  <td className="number less">{money(check.expected)}</td>
                  <td className="number">{money(check.difference)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {data.doubts.length > 0 && (
        <section className="card">
          <h2>Códigos que ninguém conhece</h2>
          <ul className="list">
            {data.doubts.map((doubt) => (
              <li key={`${doubt.table} ${doubt.field} ${doubt.code}`}>
                <strong>{doubt.code}</strong> <Mark tone="warn" text={many(doubt.rows, "linha", "linhas")} />
                <small>
                  {doubt.field}, em {doubt.title}: {doubt.effect}
                  {doubt.value === null ? "" : ` (${money(doubt.value)})`}.
                </small>
              </li>
            ))}
          </ul>
          <small>
            O que um tipo de baixa quer dizer se escolhe em <a href="/configuracoes/#baixas">Configurações</a>.
          </small>
        </section>
      )}
      {data.gaps.length > 0 && (
        <details className="card">
          <summary>
            {many(data.gaps.length, "tabela que um modelo lê e não está completa", "tabelas que os modelos leem e não estão completas")}
          </summary>
          <ul className="list">
            {data.gaps.map((gap) => (
              <li key={gap.table}>
                <strong>{gap.title}</strong> <Mark tone={gap.status === "Falhou" ? "bad" : "idle"} text={gap.status} />
                {gap.reason && <small>{gap.reason}</small>}
                <small>Usada em {gap.models.join(", ")}.</small>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
