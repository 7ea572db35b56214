"use client";

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

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
