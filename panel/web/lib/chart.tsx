"use client";

import {
  Bar, BarChart, CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis,
} from "recharts";
import { named } from "@/lib/drawing";

export type Point = Record<string, string | number | null>;
export type Series = { name: string; title: string };
export type Drawing = {
  label: string;
  points: Point[];
  over: string;
  series: Series[];
  kind: "bars" | "stack" | "lines" | "rows";
  tick?: (value: string) => string;
  amount?: (value: number) => string;
  short?: (value: number) => string;
};

const COLORS = ["var(--chart-1)", "var(--chart-2)", "var(--chart-3)"];
const TEXT = { fill: "var(--soft)", fontSize: 12 };
const BOX = { background: "var(--card)", borderColor: "var(--line)", borderRadius: 8, color: "var(--front)" };

/** What fits, by the number of bars in a row. */
const MOST_ROWS = [0, 8, 5, 4];

/** From zero, also where all is below it. */
const DOMAIN: [(low: number) => number, (high: number) => number] = [(low) => Math.min(0, low), (high) => Math.max(0, high)];

/** Numbers as a drawing; who does not see it reads the table beside it. */
export default function Chart({ label, points, over, series, kind, tick, amount = String, short = amount }: Drawing) {
  const rows = kind === "rows";
  const shown = rows ? points.slice(0, MOST_ROWS[series.length]) : points;
  const category = { dataKey: over, tick: TEXT, tickLine: false, stroke: "var(--line)", tickFormatter: tick };
  const value = { tick: TEXT, tickLine: false, axisLine: false, tickFormatter: short, domain: DOMAIN };
  const inside = [
    <CartesianGrid key="grid" stroke="var(--line)" horizontal={!rows} vertical={rows} />,
    rows ? (
      <XAxis key="value" type="number" {...value} />
    ) : (
      <XAxis key="category" {...category} minTickGap={12} />
    ),
    rows ? (
      <YAxis key="category" type="category" {...category} width={118} interval={0} />
    ) : (
      <YAxis key="value" {...value} width={64} />
    ),
    <Tooltip
      key="tip"
      contentStyle={BOX}
      cursor={{ fill: "var(--idle-back)", stroke: "var(--line)" }}
      labelFormatter={(value) => (tick ? tick(String(value)) : value)}
      formatter={(value) => amount(Number(value))}
    />,
    series.length > 1 && <Legend key="legend" wrapperStyle={{ fontSize: 13 }} />,
  ];
  const common = { data: shown, margin: { top: 8, right: 16, bottom: 0, left: 0 }, accessibilityLayer: false };
  return (
    <div className="drawing" role="img" aria-label={named(label)}>
      <ResponsiveContainer width="100%" height="100%">
        {kind === "lines" ? (
          <LineChart {...common}>
            {inside}
            {series.map(({ name, title }, index) => (
              <Line key={name} dataKey={name} name={title} stroke={COLORS[index]} strokeWidth={2} isAnimationActive={false} />
            ))}
          </LineChart>
        ) : (
          <BarChart {...common} layout={rows ? "vertical" : "horizontal"}>
            {inside}
            {series.map(({ name, title }, index) => (
              <Bar
                key={name}
                dataKey={name}
                name={title}
                fill={COLORS[index]}
                stackId={kind === "stack" ? "one" : undefined}
                maxBarSize={40}
                isAnimationActive={false}
              />
            ))}
          </BarChart>
        )}
      </ResponsiveContainer>
    </div>
  );
}
