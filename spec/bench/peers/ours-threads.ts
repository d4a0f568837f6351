import { compiledCases } from "./ours.ts";

/** A function for each case, which runs it once. */
export const cases = compiledCases(2);
