"use client";

import { useEffect, useState } from "react";
import { ask, type Personal } from "@/lib/api";
import { Outcome, useAct, useAsk } from "@/lib/ui";

/** Whether the pages of the tables show personal data, or mask them. */
export function PersonalData() {
  const { data, problem } = useAsk<Personal>("/personal");
  const [shown, setShown] = useState(false);
  const { busy, said, act } = useAct();
  useEffect(() => setShown(data?.shown ?? false), [data]);
  if (!data) return <p>{problem}</p>;

  const change = (wanted: boolean) =>
    act("Salvando…", async () => {
      setShown((await ask<Personal>("PUT", "/personal", { shown: wanted })).shown);
      return { tone: "good", text: wanted ? "Os dados pessoais aparecem." : "Os dados pessoais estão mascarados." };
    });

  return (
    <>
      <p>
        Nas páginas das tabelas e nos arquivos que se baixam delas, nomes, CPFs, endereços e o mais que é de uma pessoa
        aparecem como •••. O banco não muda.
      </p>
      <label className="check">
        <input
          type="checkbox"
          checked={shown}
          disabled={busy !== ""}
          onChange={(event) => void change(event.target.checked)}
        />
        Mostrar os dados pessoais a quem entra no painel
      </label>
      <Outcome busy={busy} said={said} />
    </>
  );
}
