import type { Op } from "../core/op.ts";
import { greater, greaterEqual } from "./comparison.ts";
import { keepWhere, maskGreater, maskGreaterEqual } from "./masks.ts";

/**
 * The comparison by which `where` chooses, for an op that keeps elements by a mask; null for any
 * other op, and for a mask that is not the result of a comparison.
 */
export function comparisonFor(op: Op, mask: Op): Op | null {
	if (op !== keepWhere.op) return null;
	if (mask === maskGreater.op) return greater.op;
	return mask === maskGreaterEqual.op ? greaterEqual.op : null;
}
