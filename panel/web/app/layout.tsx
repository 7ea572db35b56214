import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Shell } from "@/lib/shell";
import "./globals.css";

export const metadata: Metadata = { robots: "noindex" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="pt-BR">
      <body>
        <Shell>{children}</Shell>
      </body>
    </html>
  );
}
