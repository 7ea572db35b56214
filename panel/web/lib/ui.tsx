"use client";

import { startTransition, useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { ask, STATE, STATUS, type Tone } from "@/lib/api";

const asked = new Map<string, Promise<unknown>>();

/** Ask once for what several parts of a view want in the same moment, or what was asked for ahead. */
function shared<T>(path: string): Promise<T> {
  const answer = asked.get(path) ?? ask<T>("GET", path);
  asked.set(path, answer);
  setTimeout(() => asked.delete(path));
  return answer as Promise<T>;
}

const AHEAD = 10_000;

/** Ask for what a view is going to want, while it cannot be shown yet. */
export function askAhead(paths: string[]) {
  for (const path of paths) {
    const answer = ask("GET", path);
    asked.set(path, answer);
    answer.catch(() => asked.delete(path));
    setTimeout(() => asked.get(path) === answer && asked.delete(path), AHEAD);
  }
}

/** What the server answers to a question, asked once and whenever `reload` is called; nothing to an empty path.
 *
 * The data of another path is shown, and told to be `old`, only until this path's answer or problem comes.
 */
export function useAsk<T>(path: string) {
  const [answer, setAnswer] = useState<{ of: string; data: T | null; problem: string }>({ of: path, data: null, problem: "" });
  const wanted = useRef(path);
  const reload = useCallback(
    () =>
      shared<T>(path).then(
        (data) =>
          startTransition(() => { // much may be drawn of it, which must hold up no key
            if (wanted.current === path) setAnswer({ of: path, data, problem: "" });
          }),
        ({ message: problem }: Error) => {
          if (wanted.current !== path) return;
          setAnswer(({ of, data }) => ({ of: path, data: of === path ? data : null, problem }));
        },
      ),
    [path],
  );
  useEffect(() => {
    wanted.current = path;
    if (path) void reload();
  }, [path, reload]);
  const old = answer.of !== path;
  return { ...answer, problem: old ? "" : answer.problem, old, reload };
}

export type Said = { tone: Tone; text: string };

type Place = { element: HTMLElement; heading: HTMLElement | null | undefined };

/** Where the focus is, and the heading to go to if that place vanishes. */
function focused(): Place | null {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return null;
  return { element, heading: element.closest("section, main")?.querySelector<HTMLElement>("h2, h1") };
}

/** Give the focus back if an action took it away, by disabling or removing what had it. */
function restore({ element, heading }: Place) {
  if (document.activeElement !== document.body) return;
  element.focus();
  if (document.activeElement === element || !heading) return;
  heading.tabIndex = -1;
  heading.focus();
}

/** One thing at a time that a person asked for: what is being done, and what came of it. */
export function useAct() {
  const [busy, setBusy] = useState("");
  const [said, setSaid] = useState<Said | null>(null);
  const place = useRef<Place | null>(null);
  useEffect(() => {
    if (busy || !place.current) return;
    restore(place.current);
    place.current = null;
  }, [busy]);
  const act = async (title: string, work: () => Promise<Said | void>) => {
    place.current = focused();
    setBusy(title);
    setSaid(null);
    try {
      setSaid((await work()) ?? null);
    } catch (error) {
      setSaid({ tone: "bad", text: (error as Error).message });
    } finally {
      setBusy("");
    }
  };
  return { busy, said, act };
}

/** Where the outcome of an action is told, also to who cannot see it. */
export function Outcome({ busy, said }: { busy: string; said: Said | null }) {
  return (
    <p role="status" className={`note ${busy ? "idle" : (said?.tone ?? "")}`}>
      {busy || said?.text}
    </p>
  );
}

export function Mark({ of }: { of: string }) {
  const [tone, text] = STATUS[of] ?? STATE[of] ?? ["idle", of];
  return <span className={`mark ${tone}`}>{text}</span>;
}

/** A line of numbers over time. */
export function Spark({ values, title }: { values: number[]; title: string }) {
  if (values.length < 2) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const points = values.map((value, index) => {
    const height = high === low ? 12 : 22 - ((value - low) / (high - low)) * 20;
    return `${(index / (values.length - 1)) * 96},${height}`;
  });
  return (
    <svg className="spark" viewBox="0 0 96 24" role="img" aria-label={title}>
      <polyline points={points.join(" ")} />
    </svg>
  );
}

/** What is made only when it is opened: all of it at once holds up a slow phone. */
export function Details({ summary, children }: { summary: ReactNode; children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  return (
    <details onToggle={() => setOpened(true)}>
      <summary>{summary}</summary>
      {opened && children}
    </details>
  );
}

/** A text with a button that copies it. */
export function Copy({ title, text }: { title: string; text: string }) {
  const [said, setSaid] = useState("Copiar");
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid("Copiado"),
      () => setSaid("Não deu"),
    );
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <code>{text}</code>
      </dd>
      <dd>
        <button type="button" className="plain small" aria-label={`${said} ${title}`} onClick={copy}>
          {said}
        </button>
      </dd>
    </div>
  );
}

const focus = (element: HTMLElement | null) => element?.focus();

/** A heading that takes the focus when it comes, so that a reader knows where the story goes on. */
export function Heading({ children }: { children: string }) {
  return (
    <h2 tabIndex={-1} ref={focus}>
      {children}
    </h2>
  );
}
