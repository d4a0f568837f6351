export * from "./descent.ts";
export { TrainError } from "./epoch.ts";
export * from "./metrics.ts";
export type { Compiler, StepResult, TrainOptions } from "./options.ts";
export { noProgress, type Output, type Progress, showProgress } from "./progress.ts";
export type { EarlyStopping } from "./stopping.ts";
export * from "./train.ts";
