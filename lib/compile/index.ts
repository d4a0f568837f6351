export type { BackendName, ExplainedStep, Explanation } from "../backends/explanation.ts";
export * from "./compile.ts";
