"use client";

import dynamic from "next/dynamic";
import { startTransition, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { once } from "@/lib/api";
import type { Drawing } from "@/lib/chart";

const Drawn = dynamic(() => import("@/lib/chart"), {
  ssr: false,
  loading: () => <div className="drawing" />,
});

/** What is read out in place of a drawing. */
export const named = (label: string) => `Gráfico: ${label}. Os números estão na tabela.`;

/** Whether a place is about to be seen or to be printed, or was so before; it is in any case `after` milliseconds. */
export function useNear<T extends Element>(margin: string, after?: number) {
  const place = useRef<T>(null);
  const [near, setNear] = useState<"" | "seen" | "printed">("");
  useEffect(() => {
    if (near || !place.current) return;
    const show = () => startTransition(() => setNear("seen"));
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && show(), { rootMargin: margin });
    watch.observe(place.current);
    const print = () => flushSync(() => setNear("printed")); // the browser does not wait
    addEventListener("beforeprint", print);
    const timer = after === undefined ? undefined : setTimeout(show, after);
    return () => {
      watch.disconnect();
      removeEventListener("beforeprint", print);
      clearTimeout(timer);
    };
  }, [near, margin, after]);
  return [place, near] as const;
}

/** A drawing comes when it is about to be seen: what draws is larger than the rest of the page, and slow. */
export function Chart(drawing: Drawing) {
  const [place, near] = useNear<HTMLDivElement>("50px");
  return near ? <Drawn {...drawing} atOnce={near === "printed"} /> : <div ref={place} className="drawing" role="img" aria-label={named(drawing.label)} />;
}

/** The title of the window, while the view is there. */
export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Painel do Sienge`;
  }, [title]);
}

const months = once(() => new Intl.DateTimeFormat("pt-BR", { timeZone: "UTC", month: "short", year: "2-digit" }));
const dates = once(() => new Intl.DateTimeFormat("pt-BR", { timeZone: "UTC", day: "2-digit", month: "2-digit" }));
const compacts = once(() => new Intl.NumberFormat("pt-BR", { notation: "compact", maximumFractionDigits: 1 }));

/** "nov/26" of "2026-11-01". */
export const month = (text: string) => months().format(new Date(text)).replace(". de ", "/").replace(".", "");

/** "28/11" of "2026-11-28". */
export const day = (text: string) => dates().format(new Date(text));

/** "1,2 mi". */
export const compact = (value: number) => compacts().format(value);
