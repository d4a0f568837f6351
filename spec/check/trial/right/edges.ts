import { tensor } from "../../../../lib/index.ts";
import type { Case, Cases } from "../case.ts";

/** A function close to where it ends. */
function nearEnd(says: string, f: Case["f"], ...at: Case["at"]): Case {
	return { says, f, at, expected: "pass" };
}

/** Points close to the edge of a function's domain, or to a pole. */
export const edges: Cases = {
	"square root of 1e-12": nearEnd(
		"below 0 there is nothing",
		(x) => x!.sqrt(),
		tensor([1e-12, 1e-6, 1]),
	),
	"arc cosine near 1": nearEnd(
		"1e−6 from the end, where the slope is infinite",
		(x) => x!.acos(),
		tensor([1 - 1e-6, -0.5]),
	),
	"logarithm of 1 − x near 1": nearEnd(
		"1e−9 from a pole",
		(x) => x!.neg().add(1).log(),
		tensor([1 - 1e-9, 0.5]),
	),
	"entropy of an unlikely class": nearEnd(
		"p·log(p) at 1e-10, beyond which there is nothing",
		(p) => p!.mul(p!.log()).sum().neg(),
		tensor([1e-10, 0.25, 0.75]),
	),
	"Cholesky factor, barely there": nearEnd(
		"the matrix is positive definite by 1e-6 of its size",
		(a) => a!.add(a!.T).mul(0.5).cholesky(),
		tensor([
			[1, 1 - 1e-6],
			[1 - 1e-6, 1],
		]),
	),
	"inverse of a nearly singular matrix": nearEnd(
		"the inverse is a million times the matrix",
		(a) => a!.inverse(),
		tensor([
			[1, 1],
			[1, 1 + 1e-6],
		]),
	),
};
