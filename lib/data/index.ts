export * from "./batches.ts";
export * from "./csv.ts";
export * from "./examples.ts";
export * from "./standardize.ts";
