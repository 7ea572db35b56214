"use client";

import Link from "next/link";
import { moment, number, STATE, STATUS } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { Log, SyncButton } from "@/lib/sync";

// A day, and two hours for a late start.
const STALE = 26 * 3_600_000;

export default function Home() {
  const { status } = useStatus();
  const { tables, last, running, quota, used } = status;
  const attention = tables.filter((table) => table.status !== "ok");
  const failed = attention.filter((table) => table.status === "failed" || table.status === "incomplete");
  const light = !last
    ? ["idle", "Ainda não houve nenhuma sincronização."]
    : last.state === "fail" || last.state === "lost" || failed.length
      ? ["bad", `A última sincronização não terminou bem${failed.length ? `: ${failed.length} tabelas com falhas` : ""}.`]
      : running
        ? ["idle", "Sincronização em andamento."]
        : Date.now() - Date.parse(last.started) > STALE
          ? ["bad", "Os dados têm mais de um dia: a última sincronização prevista não aconteceu."]
          : ["good", "Os dados estão em dia com a última sincronização."];

  return (
    <>
      <h1>Início</h1>
      <p className={`note ${light[0]}`} role="status">{light[1]}</p>
      {!status.configured && (
        <p className="note">
          Primeiro passo: <Link href="/configuracoes/">informe as credenciais do Sienge</Link>.
        </p>
      )}
      <dl>
        <div>
          <dt>Última sincronização</dt>
          <dd>{last ? `${moment(last.started)} — ${STATE[last.state] ?? last.state}` : "—"}</dd>
        </div>
        <div>
          <dt>Requisições de hoje</dt>
          <dd>
            {number(used.rest)}
            {quota.rest != null && ` de ${number(quota.rest)}`}
            {quota.rest != null && (
              <meter aria-label="Cota usada hoje" min={0} max={quota.rest} high={quota.rest * 0.9} value={used.rest} />
            )}
          </dd>
        </div>
      </dl>
      <SyncButton />
      {running && <Log run={running} />}
      {attention.length > 0 && (
        <section>
          <h2>Pedem atenção</h2>
          <ul>
            {attention.map((table) => (
              <li key={table.table}>
                <strong>{table.table}</strong>: {STATUS[table.status] ?? table.status}
                {table.error && ` — ${table.error}`}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
