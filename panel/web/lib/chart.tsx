"use client";

import { BarChart, LineChart, type BarSeriesOption, type LineSeriesOption } from "echarts/charts";
import {
  GridComponent, LegendComponent, TooltipComponent,
  type GridComponentOption, type LegendComponentOption, type TooltipComponentOption,
} from "echarts/components";
import { init, use, type ComposeOption, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { named } from "@/lib/drawing";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

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

type Option = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | LegendComponentOption | TooltipComponentOption
>;

/** What fits, by the number of bars in a row. */
const MOST_ROWS = [0, 8, 5, 4];

/** The colours of the page where the drawing is; a canvas knows no variables. */
function colors(place: HTMLElement) {
  const probe = place.appendChild(document.createElement("i"));
  const color = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const [front, soft, line, card] = ["front", "soft", "line", "card"].map(color);
  const series = ["chart-1", "chart-2", "chart-3"].map(color);
  const fontFamily = getComputedStyle(place).fontFamily;
  probe.remove();
  return { front, soft, line, card, series, fontFamily };
}

/** Numbers and colours as the library wants them. */
function option(drawing: Drawing, { front, soft, line, card, series: color, fontFamily }: ReturnType<typeof colors>): Option {
  const { points, over, series, kind, tick = String, amount = String, short = amount } = drawing;
  const rows = kind === "rows";
  const shown = rows ? points.slice(0, MOST_ROWS[series.length]) : points;
  const text = { color: soft, fontSize: 12 };
  const category = {
    type: "category" as const,
    data: shown.map((point) => tick(String(point[over] ?? ""))),
    inverse: rows,
    boundaryGap: kind !== "lines",
    axisTick: { show: false },
    axisLine: { lineStyle: { color: line } },
    axisLabel: {
      ...text,
      hideOverlap: true,
      ...(rows && { interval: 0, width: 110, overflow: "truncate" as const }),
    },
  };
  const value = {
    type: "value" as const,
    splitNumber: 4,
    minInterval: 1,
    splitLine: { lineStyle: { color: line } },
    axisLabel: { ...text, formatter: short, hideOverlap: true },
  };
  const legend = series.length > 1;
  return {
    animation: false,
    color,
    textStyle: { fontFamily },
    grid: { top: 8, right: 8, bottom: legend ? 28 : 4, left: 4, outerBoundsMode: "same" },
    legend: { show: legend, bottom: 0, textStyle: { ...text, fontSize: 13 } },
    xAxis: rows ? value : category,
    yAxis: rows ? category : value,
    tooltip: {
      trigger: "axis",
      renderMode: "richText", // the other one writes styles into the page, which its policy refuses
      confine: true,
      axisPointer: { type: kind === "lines" ? "line" : "shadow" },
      backgroundColor: card,
      borderColor: line,
      textStyle: { color: front, fontSize: 13 },
      valueFormatter: (value) => (value == null ? "—" : amount(Number(value))),
    },
    series: series.map(({ name, title }) => {
      const data = shown.map((point) => point[name] ?? null);
      return kind === "lines"
        ? { type: "line", name: title, data, lineStyle: { width: 2 }, symbolSize: 6 }
        : { type: "bar", name: title, data, barMaxWidth: 40, stack: kind === "stack" ? "one" : undefined };
    }),
  };
}

const DARK = "(prefers-color-scheme: dark)";

/** Numbers as a drawing, in the next frame or `atOnce`; who does not see it reads the table beside it. */
export default function Chart({ atOnce, ...drawing }: Drawing & { atOnce: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const told = JSON.stringify([drawing.points, drawing.over, drawing.series, drawing.kind]);

  useEffect(() => {
    const inside = place.current!;
    const made = init(inside);
    chart.current = made;
    const watch = new ResizeObserver(() => {
      if (made.getWidth() !== inside.clientWidth || made.getHeight() !== inside.clientHeight) made.resize();
    });
    watch.observe(inside);
    return () => {
      watch.disconnect();
      made.dispose();
    };
  }, []);

  useEffect(() => {
    const how = { notMerge: true, lazyUpdate: !atOnce };
    const draw = () => chart.current?.setOption(option(drawing, colors(place.current!)), how);
    draw();
    const dark = matchMedia(DARK);
    dark.addEventListener("change", draw);
    return () => dark.removeEventListener("change", draw);
  }, [told]); // what is drawn of it: the functions are other ones each time, but do the same

  return <div ref={place} className="drawing" role="img" aria-label={named(drawing.label)} />;
}
