"use client";

import Link from "next/link";
import type { Cause } from "@/lib/api";
import { useStatus } from "@/lib/shell";
import { SyncButton } from "@/lib/sync";

const LINKS: Partial<Record<Cause["action"], [string, string]>> = {
  credentials: ["/configuracoes/#credenciais", "Corrigir as credenciais"],
  test: ["/configuracoes/#conexao", "Testar a conexão"],
  permissions: ["/#permissoes", "Ver o que liberar no Sienge"],
  schedule: ["/configuracoes/#horario", "Rever o horário"],
};

/** What a person does about a cause. */
export function CauseButton({ cause, run }: { cause: Cause; run: string }) {
  const { owner } = useStatus();
  const reads = cause.action === "permissions" || cause.action === "log";
  if (!owner && !reads) return null;
  if (cause.action === "sync") return <SyncButton title="Sincronizar de novo" />;
  if (cause.action === "tables") return <SyncButton tables={cause.tables} title="Sincronizar só estas" />;
  const [to, title] = LINKS[cause.action] ?? [`/execucoes/#${run}`, "Ver o registro"];
  return (
    <Link className="button start" href={to} prefetch={false}>
      {title}
    </Link>
  );
}
