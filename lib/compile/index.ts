export type { Backend, BackendOptions, Executable } from "../backends/backend.ts";
export type { ExplainedStep, Explanation } from "../backends/explanation.ts";
export { javascriptBackend } from "../backends/javascript/backend.ts";
export { wasmBackend } from "../backends/wasm/backend.ts";
export * from "./compile.ts";
