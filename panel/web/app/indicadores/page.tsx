"use client";

import { useEffect, useState } from "react";
import { many, type Indicators } from "@/lib/api";
import { useTitle } from "@/lib/drawing";
import { IndicatorCard } from "@/lib/indicator";
import { useAsk } from "@/lib/ui";

const iso = (year: number, month: number) => new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7);

/** The periods that one may choose: from which month to which. */
function periods(): [string, string, string, string][] {
  const [year, month] = [new Date().getFullYear(), new Date().getMonth()];
  return [
    ["12", "Últimos 12 meses", iso(year, month - 11), iso(year, month)],
    ["24", "Últimos 24 meses", iso(year, month - 23), iso(year, month)],
    ["ano", "Este ano", iso(year, 0), iso(year, month)],
    ["anterior", "Ano passado", iso(year - 1, 0), iso(year - 1, 11)],
    ["60", "Últimos 5 anos", iso(year, month - 59), iso(year, month)],
  ];
}

export default function IndicatorsPage() {
  useTitle("Indicadores");
  const { data, problem, reload } = useAsk<Indicators>("/indicators");
  const [company, setCompany] = useState("");
  const [development, setDevelopment] = useState("");
  const [period, setPeriod] = useState("12");
  useEffect(() => {
    const timer = setInterval(() => void reload(), 300_000);
    return () => clearInterval(timer);
  }, [reload]);

  if (!data)
    return (
      <>
        <h1>Indicadores</h1>
        <p>{problem || "Carregando…"}</p>
      </>
    );
  if (data.companies.length === 0)
    return (
      <>
        <h1>Indicadores</h1>
        <p className="card">
          Os indicadores aparecem aqui depois que os modelos são feitos pela primeira vez, no fim de uma sincronização.
        </p>
      </>
    );

  const works = data.developments.filter((work) => !company || String(work.company) === company);
  const [, , since, until] = periods().find(([name]) => name === period)!;
  const query = new URLSearchParams({ since, until });
  if (company) query.set("company", company);
  if (development) query.set("development", development);

  return (
    <>
      <h1>Indicadores</h1>
      <form className="card filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          Empresa
          <select
            value={company}
            onChange={(event) => {
              setCompany(event.target.value);
              setDevelopment("");
            }}
          >
            <option value="">{`Todas (${many(data.companies.length, "empresa", "empresas")})`}</option>
            {data.companies.map(({ code, name }) => <option key={code} value={code}>{name ?? code}</option>)}
          </select>
        </label>
        <label>
          Empreendimento
          <select value={development} onChange={(event) => setDevelopment(event.target.value)}>
            <option value="">{`Todos (${many(works.length, "empreendimento", "empreendimentos")})`}</option>
            {works.map(({ code, name }) => <option key={code} value={code}>{name ?? code}</option>)}
          </select>
        </label>
        <label>
          Período
          <select value={period} onChange={(event) => setPeriod(event.target.value)}>
            {periods().map(([name, title]) => <option key={name} value={name}>{title}</option>)}
          </select>
        </label>
      </form>
      <div className="cards">
        {data.indicators.map((indicator, place) => (
          <IndicatorCard
            key={indicator.id}
            indicator={indicator}
            place={place}
            query={query.toString()}
            chosen={{ company: company !== "", development: development !== "" }}
          />
        ))}
      </div>
    </>
  );
}
