export * from "./accumulate.ts";
export * from "./adafactor.ts";
export {
	type AdamOptions,
	type AdamSlots,
	adam,
	adamax,
	adamW,
	type MomentsOptions,
	type NadamOptions,
	nadam,
	radam,
} from "./adam.ts";
export * from "./adaptive.ts";
export * from "./clip.ts";
export * from "./ema.ts";
export * from "./lbfgs.ts";
export * from "./muon.ts";
export type * from "./optimizer.ts";
export type { Schedule } from "./schedules.ts";
export * as schedules from "./schedules.ts";
export * from "./sgd.ts";
export * from "./trust.ts";
