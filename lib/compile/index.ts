export * from "./compile.ts";
export type { ExplainedStep, Explanation } from "./explanation.ts";
