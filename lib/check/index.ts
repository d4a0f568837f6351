// The methods of a tensor are there, also where nothing else of the library is imported.
import "../methods.ts";

export * from "./arbitraries.ts";
export * from "./arbitrary-draw.ts";
export * from "./check-op.ts";
export * from "./derivative-laws.ts";
export { differentiateAtZero, type Estimate } from "./differences/finite-difference.ts";
export * from "./gradient-property.ts";
export * from "./gradients.ts";
export * from "./law.ts";
export * from "./laws.ts";
export * from "./programs.ts";
export * from "./random-program.ts";
export * from "./records.ts";
