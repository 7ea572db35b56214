import type { ReactNode } from "react";
import { preload } from "react-dom";

/** What the page asks first comes together with what makes it run. */
export default function Layout({ children }: { children: ReactNode }) {
  preload("/api/indicators", { as: "fetch", crossOrigin: "anonymous" });
  return children;
}
