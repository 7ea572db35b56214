"use client";

import { useState, type FormEvent } from "react";
import { ask, many, money, type Kind } from "@/lib/api";
import { Outcome, useAct, useAsk } from "@/lib/ui";

type Sense = NonNullable<Kind["receipts"]>;
type Side = "receipts" | "payments";

const SENSES: [Sense, string][] = [
  ["caixa", "Sim"],
  ["sem caixa", "Não"],
  ["estorno", "Desfaz outra baixa"],
];
const SIDES: [Side, string][] = [
  ["receipts", "a receber"],
  ["payments", "a pagar"],
];

const called = ({ code, name }: Kind) => name ?? `Código ${code}`;

/** Which kinds of settlement are money; those that nobody knows come first. */
export function Settlements() {
  const { data, problem } = useAsk<Kind[]>("/settlements");
  if (!data) return <p>{problem}</p>;
  if (data.length === 0) return <p>Os tipos de baixa aparecem aqui depois da primeira sincronização.</p>;
  return <Chooser listing={data} />;
}

function Chooser({ listing }: { listing: Kind[] }) {
  const [kinds, setKinds] = useState(listing);
  const [saved, setSaved] = useState(listing);
  const { busy, said, act } = useAct();
  const changed = kinds.filter(
    (kind, index) => SIDES.some(([side]) => kind[side] !== saved[index]?.[side]) && kind.receipts && kind.payments,
  );

  const choose = (chosen: Kind, side: Side, sense: Sense) =>
    setKinds(
      kinds.map((kind) => {
        if (kind !== chosen) return kind;
        // Of an unknown kind, what is said of one side holds for the other until that is said too.
        return { ...kind, receipts: kind.receipts ?? sense, payments: kind.payments ?? sense, [side]: sense };
      }),
    );

  const save = (event: FormEvent) => {
    event.preventDefault();
    void act("Salvando…", async () => {
      const body = { kinds: changed.map(({ code, name, receipts, payments }) => ({ code, name, receipts, payments })) };
      const listed = await ask<Kind[]>("PUT", "/settlements", body);
      setKinds(listed);
      setSaved(listed);
      return { tone: "good", text: "Salvo: vale na próxima vez que os modelos forem feitos, ao fim da sincronização." };
    });
  };

  return (
    <form id="baixas" onSubmit={save}>
      <p>
        Uma parcela pode ser baixada sem que entre ou saia dinheiro, como num cancelamento ou numa permuta. Só o que
        conta como dinheiro está em <code>valor_recebido</code> e <code>valor_pago</code>.
      </p>
      <div className="wide" tabIndex={0} role="region" aria-label="Tipos de baixa">
        <table>
          <thead>
            <tr>
              <th scope="col">Tipo de baixa</th>
              {SIDES.map(([side, title]) => <th scope="col" key={side}>É dinheiro, {title}?</th>)}
            </tr>
          </thead>
          <tbody>
            {kinds.map((kind) => (
              <tr key={`${kind.code} ${kind.name}`}>
                <th scope="row">
                  {called(kind)} {kind.said_by === null && <span className="mark warn">Desconhecido</span>}
                  <small>
                    {kind.rows ? `${many(kind.rows, "baixa", "baixas")}, ${money(kind.value)}` : "nenhuma baixa"}
                    {kind.said_by === "Painel" && "; escolhido aqui"}
                    {kind.said_by === "Arquivo" && "; do arquivo da empresa"}
                  </small>
                </th>
                {SIDES.map(([side, title]) => (
                  <td key={side}>
                    <select
                      aria-label={`${called(kind)} é dinheiro, ${title}?`}
                      value={kind[side] ?? ""}
                      onChange={(event) => choose(kind, side, event.target.value as Sense)}
                    >
                      {kind[side] === null && <option value="">Ninguém disse</option>}
                      {SENSES.map(([sense, text]) => <option key={sense} value={sense}>{text}</option>)}
                    </select>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <button type="submit" disabled={busy !== "" || changed.length === 0}>Salvar os tipos de baixa</button>
      <Outcome busy={busy} said={said} />
    </form>
  );
}
