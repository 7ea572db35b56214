"use client";

import { useState } from "react";
import { ask, outcome } from "@/lib/api";
import { PowerBI } from "@/lib/bi";
import { Choice } from "@/lib/choice";
import { ConnectionTest, CredentialsForm } from "@/lib/credentials";
import { useStatus } from "@/lib/shell";
import { Progress, SyncButton } from "@/lib/sync";
import { Heading, Mark, useAct } from "@/lib/ui";

const STEPS = ["Credenciais", "Teste", "O que ler", "Primeira leitura", "Power BI"];

/** Leads by the hand from nothing to Power BI. */
export function FirstVisit({ done }: { done: () => void }) {
  const { status, reload } = useStatus();
  const [step, setStep] = useState(status.first ?? 0);
  const { act } = useAct();
  // kept on the server, so that it goes on here after a reload, also in another browser
  const go = (to: number | null) => {
    if (to === null) done();
    else setStep(to);
    void act("", async () => {
      await ask("PUT", "/first", { step: to });
      await reload();
    });
  };
  const next = () => go(step + 1);
  const { last, running } = status;

  return (
    <>
      <div className="row apart">
        <h1>Bem-vindo: vamos ligar o seu Sienge</h1>
        {status.tables.length > 0 && (
          <button type="button" className="plain small" onClick={() => go(null)}>Pular: já há dados</button>
        )}
      </div>
      <ol className="steps" aria-label="Passos">
        {STEPS.map((title, index) => (
          <li
            key={title}
            aria-current={index === step ? "step" : undefined}
            className={index < step ? "done" : undefined}
          >
            {title}
          </li>
        ))}
      </ol>
      {step === 0 && (
        <section className="card">
          <Heading>Como entrar no seu Sienge</Heading>
          <CredentialsForm saved={next} />
        </section>
      )}
      {step === 1 && (
        <section className="card">
          <Heading>Testar a conexão</Heading>
          <p>O teste pede ao Sienge um registro e gasta poucas requisições.</p>
          <ConnectionTest passed={next} />
          <button type="button" className="plain start" onClick={() => go(0)}>Corrigir as credenciais</button>
        </section>
      )}
      {step === 2 && (
        <section className="card">
          <Heading>O que ler todos os dias</Heading>
          <p>Cada tabela custa requisições da cota do seu plano. A escolha pode ser mudada depois.</p>
          <Choice saved={next} button="Continuar" />
        </section>
      )}
      {step === 3 && (
        <>
          <section className="card">
            <Heading>Primeira leitura</Heading>
            <p>A primeira leitura traz tudo e é a mais demorada; as seguintes trazem só o que mudou.</p>
            {last && !running && <p>Resultado: <Mark of={outcome(last)} /></p>}
            {last?.cause && !running && <p className={`note ${last.cause.tone}`}>{last.cause.sentence}</p>}
            {last?.cause && !running && ["credentials", "test"].includes(last.cause.action) && (
              <button type="button" className="plain start" onClick={() => go(0)}>Corrigir as credenciais</button>
            )}
            {last?.state === "success" && !running ? (
              <button type="button" className="start" onClick={next}>Ligar o Power BI</button>
            ) : null}
            {(last?.state !== "success" || running || last.started_by !== "panel") && (
              <SyncButton title={last && last.state !== "success" ? "Tentar de novo" : "Começar"} />
            )}
          </section>
          {(running || last?.id) && <Progress run={running || (last?.id ?? "")} />}
        </>
      )}
      {step === 4 && (
        <section className="card">
          <Heading>Ligar o Power BI</Heading>
          <PowerBI />
          <button type="button" className="start" onClick={() => go(null)}>Ir para o painel</button>
        </section>
      )}
    </>
  );
}
