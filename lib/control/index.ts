// Loops and branches that are part of a program.

export { type CheckpointOptions, type LoopOptions, type ScanStep, scan } from "./scan.ts";
