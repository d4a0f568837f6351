import type { Op } from "../core/op.ts";
import * as ops from "../ops/index.ts";
import * as internal from "../ops/internal.ts";

/**
 * The records of all ops, by name: every function that carries one, of those that users call and of
 * the internal ones. A new op joins by itself.
 */
export const records: readonly Op[] = Object.entries({ ...ops, ...internal })
	.sort(([a], [b]) => (a < b ? -1 : 1))
	.flatMap(([, value]) => (typeof value === "function" && "op" in value ? [value.op as Op] : []));
