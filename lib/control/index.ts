// Loops and branches that are part of a program.

export { cond, switchCase } from "./cond.ts";
export { fori } from "./fori.ts";
export { type CheckpointOptions, type LoopOptions, type ScanStep, scan } from "./scan.ts";
export { type WhileOptions, whileLoop } from "./while-loop.ts";
