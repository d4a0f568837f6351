import type { Op } from "../lib/core/op.ts";

/**
 * NumPy finds a position along one axis or all of them, which is all that the public functions ask
 * for.
 */
export function isAskedFor(
	op: Op,
	params: { axes?: readonly number[]; all?: boolean } | null,
): boolean {
	if (!op.name.startsWith("arg") || params?.axes === undefined) return true;
	return params.all === true || params.axes.length === 1;
}
