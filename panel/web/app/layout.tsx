import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Shell } from "@/lib/shell";
import "./globals.css";

export const metadata: Metadata = { robots: "noindex" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="pt-BR">
      <head>
        {/* the shell asks for them as soon as it runs: so they come together with what makes it run */}
        <link rel="preload" as="fetch" href="/api/status" crossOrigin="anonymous" />
        <link rel="preload" as="fetch" href="/api/session" crossOrigin="anonymous" />
      </head>
      <body>
        <Shell>{children}</Shell>
      </body>
    </html>
  );
}
