import type { LoopFunction } from "./elementwise/loop.ts";

/**
 * A kernel as a function of the storages of what is read and of what is written, and of where in
 * each of them the first element lies. False says that something is wrong, such as an index out of
 * range or an int32 that overflows: the ops' own evaluation then says what.
 */
export type KernelFunction = LoopFunction;
