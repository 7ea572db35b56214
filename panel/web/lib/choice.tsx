"use client";

import { useState, type FormEvent } from "react";
import { ask, many, number, plain, type Cost, type Listing } from "@/lib/api";
import { domainsOf, domainTitle, grouped } from "@/lib/domains";
import { useStatus } from "@/lib/shell";
import { Details, Outcome, useAct, useAsk } from "@/lib/ui";

function told({ rest, bulk, unknown }: Cost): string {
  const known = `${many(rest, "requisição", "requisições")} por dia${bulk ? ` e ${number(bulk)} BULK` : ""}`;
  if (!unknown) return known;
  const missing = `${many(unknown, "tabela ainda não medida", "tabelas ainda não medidas")} (ao menos uma requisição cada)`;
  return rest + bulk ? `${known}, mais ${missing}` : missing;
}

type Choosable = Listing["tables"][number];

/** Whether it is read every day, and what of it. */
const every = ({ daily }: Choosable) =>
  daily.startsWith("nada") ? `Não é lida todo dia${daily.slice(4)}` : `Todo dia: ${daily.replaceAll("`", "")}`;

/** What the first day and the others cost. */
function price({ first_cost, cost, cost_from, kind }: Choosable): string {
  const unit = kind === "bulk" ? "BULK" : "req.";
  const first = first_cost ?? (cost_from === "first" ? cost : null);
  const later = cost_from === "first" ? null : cost;
  const one = (when: string, value: number | null) => `${when}: ${value === null ? "ainda não medida" : `${number(value)} ${unit}`}`;
  return `${one("Primeira vez", first)}; ${one("depois, por dia", later)}`;
}

const toggled = (list: string[], name: string) =>
  list.includes(name) ? list.filter((other) => other !== name) : [...list, name];

/** Which tables to read: presets and single ones, each with what it costs. */
export function Choice({ saved, button = "Salvar" }: { saved?: () => void; button?: string }) {
  const { data, problem } = useAsk<Listing>("/tables");
  return data ? <Chooser listing={data} saved={saved} button={button} /> : <p>{problem}</p>;
}

function Chooser({ listing, saved, button }: { listing: Listing; saved?: () => void; button: string }) {
  const { status } = useStatus();
  const [known, setListing] = useState(listing);
  const { fixed_by, tables, presets, chosen } = known;
  const nothing = chosen.presets.length + chosen.tables.length === 0;
  const [groups, setGroups] = useState(nothing ? ["padrao"] : chosen.presets);
  const [single, setSingle] = useState(chosen.tables);
  const { busy, said, act } = useAct();

  const within = new Set(presets.filter(({ name }) => groups.includes(name)).flatMap((preset) => preset.tables));
  const wanted = tables.filter(({ table }) => within.has(table) || single.includes(table));
  const unknown = wanted.filter(({ cost }) => cost === null).length;
  const sum = (kind: string) =>
    wanted.reduce((total, table) => total + (table.kind === kind ? (table.cost ?? 0) : 0), 0);
  const total = { rest: sum("rest"), bulk: sum("bulk"), unknown };

  const save = (event: FormEvent) => {
    event.preventDefault();
    void act("Salvando…", async () => {
      setListing(await ask<Listing>("PUT", "/tables", { presets: groups, tables: single }));
      saved?.();
      return { tone: "good", text: "Escolha salva: vale a partir da próxima sincronização." };
    });
  };
  const estimate = (preset: string) =>
    act("Perguntando ao Sienge…", async () => {
      setListing(await ask<Listing>("POST", "/tables/estimate", { preset }));
    });

  if (fixed_by)
    return (
      <>
        <p>
          A escolha está fixada no servidor, em <code>{fixed_by}</code>:{" "}
          {many(tables.filter((table) => table.chosen).length, "tabela", "tabelas")}.
        </p>
        {saved && <button type="button" className="start" onClick={saved}>{button}</button>}
      </>
    );

  return (
    <form onSubmit={save}>
      <fieldset>
        <legend className="hidden">Predefinições</legend>
        <ul className="list">
          {presets.map(({ name, title, cost, tables }) => {
            const [short, long] = title.split(/[:,] (.*)/);
            return (
              <li key={name} className="row apart">
                <label className="check">
                  <input
                    type="checkbox"
                    checked={groups.includes(name)}
                    onChange={() => setGroups(toggled(groups, name))}
                  />
                  <span>
                    <strong>{short}</strong>
                    <small>{long}</small>
                    <small>{told(cost)}</small>
                  </span>
                </label>
                {cost.unknown > 0 && (
                  <button
                    type="button"
                    className="plain small"
                    disabled={busy !== "" || !status.configured}
                    aria-label={`Medir ${short}, com até ${tables.length} requisições`}
                    onClick={() => estimate(name)}
                  >
                    Medir ({number(tables.length)} req.)
                  </button>
                )}
              </li>
            );
          })}
        </ul>
      </fieldset>
      <Details summary="Escolher tabelas uma a uma">
        <OneByOne listing={known} within={within} single={single} choose={setSingle} />
      </Details>
      <p>
        <strong>{many(wanted.length, "tabela", "tabelas")}:</strong> {told(total)}
        {status.quota.rest !== null && ` (o plano tem ${number(status.quota.rest)})`}.
      </p>
      <button type="submit" disabled={busy !== "" || wanted.length === 0}>{button}</button>
      <Outcome busy={busy} said={said} />
    </form>
  );
}

function OneByOne({
  listing,
  within,
  single,
  choose,
}: {
  listing: Listing;
  within: Set<string>;
  single: string[];
  choose: (tables: string[]) => void;
}) {
  const [search, setSearch] = useState("");
  const found = listing.tables.filter(({ table, title, description }) =>
    plain(`${table} ${title} ${description}`).includes(plain(search)),
  );
  return (
    <>
      <input
        type="search"
        aria-label="Procurar tabela"
        placeholder="Procurar tabela"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <div className="short" tabIndex={0} role="region" aria-label="Tabelas para escolher">
        {grouped(found, domainsOf(listing)).map(([domain, tables]) => (
          <section key={domain} aria-label={domainTitle(domain)}>
            <h3>{domainTitle(domain)}</h3>
            <ul className="list">
              {tables.map((table) => (
                <li key={table.table}>
                  <label className="check">
                    <input
                      type="checkbox"
                      aria-label={table.title}
                      aria-describedby={`sobre-${table.table}`}
                      disabled={within.has(table.table)}
                      checked={within.has(table.table) || single.includes(table.table)}
                      onChange={() => choose(toggled(single, table.table))}
                    />
                    <span id={`sobre-${table.table}`}>
                      <strong>{table.title}</strong>
                      <small>{table.description}</small>
                      <small>{every(table)}</small>
                      <small>{price(table)}</small>
                    </span>
                  </label>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {found.length === 0 && <p role="status">{`Nenhuma tabela com “${search}”.`}</p>}
      </div>
    </>
  );
}
