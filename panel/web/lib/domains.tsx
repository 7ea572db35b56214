import { type Listing } from "@/lib/api";

/** Things of one domain together, in the order in which the domains come in the listing. */
export function grouped<T extends { table: string }>(things: T[], domains: Map<string, string>): [string, T[]][] {
  const groups = new Map<string, T[]>([...new Set(domains.values())].map((domain) => [domain, []]));
  for (const thing of things) {
    const domain = domains.get(thing.table) ?? "outras";
    groups.set(domain, [...(groups.get(domain) ?? []), thing]);
  }
  return [...groups].filter(([, found]) => found.length > 0);
}

export const domainsOf = (listing: Listing | null) =>
  new Map((listing?.tables ?? []).map(({ table, domain }) => [table, domain]));

const TITLES: Record<string, string> = { bulk: "BULK", contabil: "Contábil", patrimonio: "Patrimônio" };

export const domainTitle = (name: string) => TITLES[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
