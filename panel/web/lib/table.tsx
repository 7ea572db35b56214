"use client";

import Link from "next/link";
import { useEffect, useState } from "react";
import { ago, duration, many, moment, number, type About, type Changes, type History } from "@/lib/api";
import { Again } from "@/lib/again";
import { domainTitle } from "@/lib/domains";
import { Chart, compact, day, useTitle } from "@/lib/drawing";
import { FirstRows } from "@/lib/rows";
import { useStatus } from "@/lib/shell";
import { SyncButton } from "@/lib/sync";
import { Mark, useAsk } from "@/lib/ui";

/** All there is to know of one table. */
export function TableView({ table }: { table: string }) {
  const { data: about, problem } = useAsk<About>(`/tables/${table}/about`);
  useTitle(about?.title ?? "Tabela");
  if (!about)
    return (
      <>
        <h1>Tabela</h1>
        <p role={problem ? "alert" : undefined}>{problem || "Carregando…"}</p>
        <p>
          <Link prefetch={false} href="/tabelas/">← Todas as tabelas</Link>
        </p>
      </>
    );
  return <Told about={about} />;
}

function Told({ about }: { about: About }) {
  const { status } = useStatus();
  const found = status.tables.find(({ table }) => table === about.table);
  const path = `/api/tables/${about.table}/data`;
  const { data: past, problem, reload } = useAsk<History>(`/tables/${about.table}/history`);
  useEffect(() => void reload(), [reload, status.last?.id, status.running]);

  return (
    <>
      <p>
        <Link prefetch={false} href="/tabelas/">← Todas as tabelas</Link>
      </p>
      <div className="row apart">
        <div>
          <h1>{about.title}</h1>
          <small className="asis">{about.table}</small>
        </div>
        <div className="row">
          <a className="button plain" href={`${path}.csv`} download>Baixar CSV</a>
          <a className="button plain" href={`${path}.xlsx`} download>Baixar Excel</a>
          <SyncButton tables={[about.table]} title="Sincronizar esta" />
        </div>
      </div>
      <section className="card">
        <h2>O que é</h2>
        <p>{about.description}</p>
        <dl className="facts">
          <div>
            <dt>Última leitura</dt>
            <dd>{found ? <Mark of={found.status} /> : "Ainda não lida"}</dd>
          </div>
          <div>
            <dt>Registros</dt>
            <dd>{number(found?.total)}</dd>
          </div>
          <div>
            <dt>Dados de</dt>
            <dd>{found?.live ? ago(found.good) : moment(found?.good)}</dd>
          </div>
          <div>
            <dt>Domínio</dt>
            <dd>{domainTitle(about.domain)}</dd>
          </div>
          <div>
            <dt>Na API do Sienge</dt>
            <dd>{about.paths.map((path) => <code key={path}>{path}</code>)}</dd>
          </div>
          <div>
            <dt>Depois da primeira leitura</dt>
            <dd>{about.daily.replaceAll("`", "")}</dd>
          </div>
        </dl>
        {found?.error && <p className="note warn">{found.error}</p>}
        {found?.warnings?.map((warning) => <p key={warning} className="note warn">{warning}</p>)}
      </section>
      <FirstRows about={about} />
      <Columns about={about} />
      <Past table={about.table} past={past} problem={problem} />
      <section className="card">
        <h2>Modelos que a usam</h2>
        {about.models.length === 0 ? (
          <p>Nenhum modelo do esquema marts lê esta tabela, ou os modelos ainda não foram feitos.</p>
        ) : (
          <ul className="row tags">
            {about.models.map((model) => <li key={model}><code>marts.{model}</code></li>)}
          </ul>
        )}
        {about.models.length > 0 && <p><a href="/docs">O que cada modelo diz, na documentação</a></p>}
      </section>
      <Again about={about} cost={past?.full_cost ?? null} />
    </>
  );
}

function Columns({ about }: { about: About }) {
  const personal = about.columns.filter((column) => column.personal).length;
  return (
    <section className="card">
      <h2>{many(about.columns.length, "coluna", "colunas")}</h2>
      {personal > 0 && (
        <small>
          {`${many(personal, "tem dados pessoais", "têm dados pessoais")}${about.columns.some(({ hidden }) => hidden) ? ", mascarados aqui" : ""}. `}
          O que se mostra escolhe-se em <Link prefetch={false} href="/configuracoes/">Configurações</Link>.
        </small>
      )}
      <div className="scroll" tabIndex={0} role="region" aria-label="Colunas">
        <table>
          <thead>
            <tr>
              <th scope="col">Coluna</th>
              <th scope="col">Tipo</th>
              <th scope="col" className="less">O que é</th>
            </tr>
          </thead>
          <tbody>
            {about.columns.map((column) => (
              <tr key={column.name}>
                <th scope="row">
                  <code>{column.name}</code>
                  <small className="more">{column.title}</small>
                </th>
                <td>
                  {column.kind}
                  {column.personal && <small>dado pessoal</small>}
                </td>
                <td className="less">{column.title}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const PERIOD = "nos últimos 30 dias";

function Past({ table, past, problem }: { table: string; past: History | null; problem: string }) {
  const { data: changes, problem: uncounted, reload } = useAsk<Changes>(`/tables/${table}/changes`);
  const counting = changes?.days === null;
  useEffect(() => {
    if (!counting) return;
    const timer = setInterval(() => void reload(), 2_000);
    return () => clearInterval(timer);
  }, [counting, reload]);

  const reads = past?.reads ?? [];
  const points = reads.map((read) => ({ ...read, warnings: null, at: read.at }));
  const wrong = reads.filter(({ error, warnings }) => error || warnings?.length).reverse();
  const over = (text: string) => day(text.slice(0, 10));
  return (
    <section className="card">
      <h2>{`Leituras ${PERIOD}`}</h2>
      {reads.length === 0 ? (
        <p>{past ? "Nenhuma." : problem || "Carregando…"}</p>
      ) : (
        <>
          <div className="charts">
            <figure>
              <figcaption>Linhas lidas</figcaption>
              <Chart label={`linhas lidas ${PERIOD}`} points={points} over="at" kind="bars" tick={over}
                series={[{ name: "rows", title: "Linhas" }]} amount={number} short={compact} />
            </figure>
            <figure>
              <figcaption>Requisições</figcaption>
              <Chart label={`requisições ${PERIOD}`} points={points} over="at" kind="bars" tick={over}
                series={[{ name: "requests", title: "Requisições" }]} amount={number} short={compact} />
            </figure>
            <figure>
              <figcaption>Duração</figcaption>
              <Chart label={`duração das leituras ${PERIOD}`} points={points} over="at" kind="lines" tick={over}
                series={[{ name: "seconds", title: "Duração" }]} amount={duration} short={(value) => `${number(value)} s`} />
            </figure>
            <figure>
              <figcaption>Novos e excluídos por dia</figcaption>
              {changes?.days?.length ? (
                <Chart label={`novos e excluídos ${PERIOD}`} points={changes.days} over="day" kind="bars" tick={day}
                  series={[{ name: "new", title: "Novos" }, { name: "deleted", title: "Excluídos" }]}
                  amount={number} short={compact} />
              ) : (
                <p className="drawing empty">{uncounted || (counting || !changes ? "Contando…" : "Nenhum.")}</p>
              )}
            </figure>
          </div>
          <details>
            <summary>As leituras em números</summary>
            <div className="wide scroll" tabIndex={0} role="region" aria-label="Leituras">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Quando</th>
                    <th scope="col">Resultado</th>
                    <th scope="col" className="number">Linhas</th>
                    <th scope="col" className="number">Requisições</th>
                    <th scope="col" className="number">Duração</th>
                    <th scope="col" className="number">Rejeitados</th>
                  </tr>
                </thead>
                <tbody>
                  {[...reads].reverse().map((read) => (
                    <tr key={read.at}>
                      <th scope="row">{moment(read.at)}</th>
                      <td><Mark of={read.status} /></td>
                      <td className="number">{number(read.rows)}</td>
                      <td className="number">{number(read.requests)}</td>
                      <td className="number">{duration(read.seconds)}</td>
                      <td className="number">{number(read.rejected)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <table>
                <caption>Novos e excluídos</caption>
                <thead>
                  <tr>
                    <th scope="col">Dia</th>
                    <th scope="col" className="number">Novos</th>
                    <th scope="col" className="number">Excluídos</th>
                  </tr>
                </thead>
                <tbody>
                  {changes?.days?.map((found) => (
                    <tr key={found.day}>
                      <th scope="row">{day(found.day)}</th>
                      <td className="number">{number(found.new)}</td>
                      <td className="number">{number(found.deleted)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        </>
      )}
      {wrong.length > 0 && (
        <details>
          <summary>{`Avisos e erros em ${many(wrong.length, "leitura", "leituras")}`}</summary>
          <ul className="list">
            {wrong.map((read) => (
              <li key={read.at}>
                <strong>{moment(read.at)}</strong> <Mark of={read.status} />
                {read.error && <small>{read.error}</small>}
                {read.warnings?.map((warning) => <small key={warning}>{warning}</small>)}
              </li>
            ))}
          </ul>
        </details>
      )}
      {past && past.rejected.length > 0 && (
        <details>
          <summary>{`Os ${many(past.rejected.length, "último registro rejeitado", "últimos registros rejeitados")}`}</summary>
          <ul className="list">
            {past.rejected.map((record, place) => (
              <li key={place}>
                <strong>{moment(record.at)}</strong>
                <small>{record.reason}</small>
                {record.record ? <code>{record.record}</code> : <small>O registro está em sienge.rejected_rows.</small>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
