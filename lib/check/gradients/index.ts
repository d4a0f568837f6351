export * from "../manual/check-manual.ts";
export * from "../manual/manual-report.ts";
export { assertGradients, checkGradients } from "./check-gradients.ts";
export type { Verdict } from "./compare.ts";
export type { Numeric } from "./line.ts";
export type { AssertOptions, CheckOptions } from "./options.ts";
export type { Mode } from "./problem.ts";
export * from "./report.ts";
