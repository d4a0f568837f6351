import type { gradientOf } from "./run.ts";

/**
 * Who takes the gradients of `grad` and `valueAndGrad`; null: they are derived here. Whoever leaves
 * them to another engine sets it while a function is recorded.
 */
export const elsewhere: { gradientOf: typeof gradientOf | null } = { gradientOf: null };
