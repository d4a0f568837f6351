export * from "./accumulate.ts";
export * from "./adaptive.ts";
export * from "./clip.ts";
export * from "./lbfgs.ts";
export type * from "./optimizer.ts";
export type { Schedule } from "./schedules.ts";
export * as schedules from "./schedules.ts";
export * from "./sgd.ts";
