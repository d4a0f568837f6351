export * from "./descent.ts";
export * from "./metrics.ts";
export * from "./progress.ts";
export * from "./train.ts";
