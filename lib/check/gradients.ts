export type { Numeric } from "./differences/line.ts";
export type { Mode } from "./differences/problem.ts";
export * from "./manual/check-manual.ts";
export * from "./manual/manual-report.ts";
export { assertGradients, checkGradients } from "./verdicts/check-gradients.ts";
export type { Verdict } from "./verdicts/compare.ts";
export type { AssertOptions, CheckOptions } from "./verdicts/options.ts";
export * from "./verdicts/report.ts";
