export * from "./image-grid.ts";
export * from "./line-chart.ts";
export * from "./sparkline.ts";
