"use client";

import Link from "next/link";
import { useState } from "react";
import { ago, many, moment, number, type Status, type Table, type Tone } from "@/lib/api";
import { CauseButton } from "@/lib/cause";
import { FirstVisit } from "@/lib/first";
import { Forbidden } from "@/lib/permissions";
import { useStatus } from "@/lib/shell";
import { Progress, SyncButton } from "@/lib/sync";
import { Mark } from "@/lib/ui";

// A day, and two hours for a late start.
const STALE = 26 * 3_600_000;

const URGENCY = ["failed", "incomplete", "postponed"];

/** What can be said of the data in one sentence: the newest run's cause first, then the worst. */
function light({ running, problem, last, last_round, next_round, tables, failed_models, quota, used }: Status): [Tone, string, string?] {
  const count = (state: string) => tables.filter((table) => table.status === state).length;
  const broken = count("failed") + count("incomplete");
  const forbidden = tables.filter(refused).length;
  const cause = last?.cause;
  if (running) return ["idle", "Sincronizando agora"];
  if (problem) return ["bad", "A sincronização não está funcionando"];
  if (!last) return ["idle", "Ainda não há dados"];
  if (cause?.code === "permission" && tables.some((table) => table.allowed))
    return ["warn", "Já há o que ler", "O usuário de API já pode ler o que antes não podia: sincronize agora."];
  if (cause && cause.code !== "forbidden") return [cause.tone, cause.title, cause.sentence];
  if (broken) return ["bad", many(broken, "tabela precisa de atenção", "tabelas precisam de atenção")];
  if (failed_models.length) return ["bad", "Nem todos os modelos para o Power BI foram feitos"];
  // rounds take what is left of a day, which is no news
  if (count("postponed") || (quota.rest !== null && used.rest >= quota.rest && !next_round))
    return ["warn", "A cota de hoje acabou: a leitura continua amanhã"];
  if (Date.now() - Date.parse(last.started) > STALE) return ["bad", "Os dados têm mais de um dia"];
  if (last_round?.cause) return [last_round.cause.tone, last_round.cause.title, last_round.cause.sentence];
  if (forbidden)
    return [
      "warn",
      `${number(tables.length - forbidden)} de ${many(tables.length, "tabela", "tabelas")}; ${number(forbidden)} sem permissão`,
      "O que o usuário de API pode ler está em dia; o que falta liberar está abaixo.",
    ];
  return ["good", "Os dados estão em dia"];
}

const refused = (table: Table) => table.status === "skipped" && !table.allowed;

/** The table by which an office knows how new its data are. */
const SALES = "sales_contracts";

const LIVE = 12;

const SHAPES: Record<Tone, string> = {
  good: "M4 13l5 5L20 6",
  warn: "M12 5v9M12 18v1",
  bad: "M6 6l12 12M18 6L6 18",
  idle: "M12 3a9 9 0 1 0 9 9",
};

export default function Home() {
  const { status, owner } = useStatus();
  const [first, setFirst] = useState(owner && status.first !== null);
  const problem = status.problem && <p className="note bad" role="alert">{status.problem}</p>;
  if (first) return <>{problem}<FirstVisit done={() => setFirst(false)} /></>;

  const { tables, last, running, quota, used } = status;
  const [tone, title, sentence] = light(status);
  const fresh = tables.filter((table) => table.status === "ok");
  const forbidden = tables.filter(refused);
  const cause = !running && !problem && last?.cause;
  // the others' buttons are in the cards below
  const button = cause && !["tables", "permissions"].includes(cause.action) && (status.configured || cause.action === "log");
  const known = tables.some((table) => table.total !== null);
  const attention = tables
    .filter((table) => URGENCY.includes(table.status))
    .sort((a, b) => URGENCY.indexOf(a.status) - URGENCY.indexOf(b.status));

  const live = tables.filter((table) => table.live).sort((a, b) => Date.parse(b.good ?? "") - Date.parse(a.good ?? ""));
  const sales = live.find((table) => table.table === SALES);

  const news = (table: Table) => (table.new ?? 0) + (table.deleted ?? 0);
  const changed = tables.filter(news).sort((a, b) => news(b) - news(a));

  return (
    <>
      {problem}
      <section className={`card light ${tone}`}>
        <svg viewBox="0 0 24 24" className={running ? "turn" : undefined} aria-hidden="true">
          <path d={SHAPES[tone]} fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
        </svg>
        <div role="status">
          <h1>{title}</h1>
          {sentence && <p>{sentence}</p>}
          <small>
            {sales && <strong>{`Dados de vendas: ${ago(sales.good)}. `}</strong>}
            Última sincronização: {moment(last?.started)}.{status.next && ` Próxima: ${moment(status.next)}.`}
            {status.next_round && ` Próxima rodada: ${moment(status.next_round)}.`}
          </small>
          {button && <CauseButton cause={cause} run={last?.id ?? ""} />}
        </div>
        {status.configured || !owner ? (
          <SyncButton />
        ) : (
          <small>
            Quem sincroniza é outro programa.{" "}
            <Link prefetch={false} href="/configuracoes/">Informe as credenciais</Link> para sincronizar daqui.
          </small>
        )}
      </section>
      {running && <Progress run={running} />}
      <dl className="tiles">
        <div className="card">
          <dt>Tabelas completas</dt>
          <dd>
            {number(fresh.length)} <small>de {number(tables.length)}</small>
            {forbidden.length > 0 && <small className="under">{number(forbidden.length)} sem permissão</small>}
          </dd>
        </div>
        <div className="card">
          <dt>Registros</dt>
          <dd>{known ? number(tables.reduce((sum, table) => sum + (table.total ?? 0), 0)) : "—"}</dd>
        </div>
        <div className="card">
          <dt>Requisições de hoje</dt>
          <dd>
            {number(used.rest)} {quota.rest !== null && <small>de {number(quota.rest)}</small>}
            {quota.rest !== null && (
              <meter
                aria-label="Cota usada hoje"
                max={quota.rest}
                low={quota.rest * 0.75}
                high={quota.rest * 0.9}
                optimum={0}
                value={used.rest}
              />
            )}
            {used.bulk > 0 && (
              <small>
                {number(used.bulk)} BULK{quota.bulk !== null && ` de ${number(quota.bulk)}`}
              </small>
            )}
          </dd>
        </div>
      </dl>
      {status.failed_models.length > 0 && (
        <section className="card">
          <h2>Modelos que falharam</h2>
          <p>{status.failed_models.join(", ")}.</p>
          <small>
            As tabelas do Sienge não dependem deles. O motivo está no <Link prefetch={false} href="/execucoes/">registro da execução</Link>.
          </small>
        </section>
      )}
      {status.doubtful_models.length > 0 && (
        <section className="card">
          <h2>Modelos com dúvidas</h2>
          <p>{status.doubtful_models.join(", ")}.</p>
          <small>
            Há códigos do Sienge que ninguém conhece, ou objetos da empresa que não cabem mais nos modelos. Veja a{" "}
            <Link href="/conferencia/" prefetch={false}>Conferência</Link> e <code>marts.objetos_guardados</code>.
          </small>
        </section>
      )}
      {attention.length > 0 && (
        <section className="card">
          <div className="row apart">
            <h2>Pedem atenção</h2>
            {!running && status.configured && (
              <SyncButton tables={attention.map((table) => table.table)} title="Sincronizar só estas" />
            )}
          </div>
          <ul className="list">
            {attention.map((table) => (
              <li key={table.table}>
                <strong>{table.title}</strong> <Mark of={table.status} />
                {table.error && <small>{table.error}</small>}
                <small>{table.good ? `Os dados são de ${moment(table.good)}.` : "Ainda sem dados."}</small>
              </li>
            ))}
          </ul>
        </section>
      )}
      {live.length > 0 && (
        <section className="card">
          <h2>Atualizadas durante o dia</h2>
          <ul className="tiles">
            {live.slice(0, LIVE).map((table) => (
              <li key={table.table}>
                {table.title}
                <small>{ago(table.good)}</small>
              </li>
            ))}
          </ul>
          {live.length > LIVE && (
            <small>
              E mais {number(live.length - LIVE)} em <Link prefetch={false} href="/tabelas/">Tabelas</Link>.
            </small>
          )}
        </section>
      )}
      {changed.length > 0 && (
        <section className="card">
          <h2>O que mudou na última leitura</h2>
          <ul className="tiles">
            {changed.slice(0, 10).map((table) => (
              <li key={table.table}>
                {table.title}
                <small>
                  {[table.new && many(table.new, "nova", "novas"), table.deleted && many(table.deleted, "excluída", "excluídas")]
                    .filter(Boolean)
                    .join(", ")}
                </small>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Forbidden />
    </>
  );
}
