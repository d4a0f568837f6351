import { ShapeError } from "../../core/error.ts";
import { describe } from "../../core/options.ts";

/** A value along the depth, one along the height and one along the width. */
export type Triple = readonly [depth: number, height: number, width: number];

/**
 * A number for all axes, or one for each.
 * @throws ShapeError for what is not whole, or below `least`
 */
export function readTriple(op: string, name: string, value: unknown, least: number): Triple {
	const triple = typeof value === "number" ? [value, value, value] : value;
	const isWhole = (x: unknown) => Number.isInteger(x) && (x as number) >= least;
	if (Array.isArray(triple) && triple.length === 3 && triple.every(isWhole)) {
		return triple as unknown as Triple;
	}
	const given = Array.isArray(value) ? `[${value.join(", ")}]` : describe(value);
	throw new ShapeError(
		`${op}: ${name} is a whole number from ${least} or one for each of three axes, got ${given}`,
	);
}
