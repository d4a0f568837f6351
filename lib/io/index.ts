// A tensor that is read has its methods, also where nothing else of the library is imported.
import "../methods.ts";

export type { FloatOptions, HalfFloat } from "./element-types.ts";
export * from "./npy.ts";
export * from "./npy-files.ts";
export * from "./npz.ts";
export type { ReadOptions } from "./reading.ts";
export * from "./safetensors.ts";
export * from "./state.ts";
export * from "./state-files.ts";
