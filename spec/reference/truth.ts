import { type Big, big, rankOf, sub, withBits } from "./big-float.ts";
import type { Definition } from "./elementwise.ts";
import { constant, type Jet, variableX, variableY } from "./jets.ts";

export type Part = keyof Jet;

/** The value and the derivatives that an op of one and of two arguments has. */
export const PARTS: Record<1 | 2, readonly Part[]> = {
	1: ["v", "x", "xx"],
	2: ["v", "x", "y", "xx", "xy", "yy"],
};

/** How many bits are tried, one after the other. */
const LADDER = [128, 224, 640, 2400, 7200];

/** Beyond 2 to this, or to minus this, all numbers are as good as ∞ and 0 in any dtype. */
const FAR = 1400n;

/** Whether two numbers share 90 bits; of a 0 it is not known whether it is one. */
function agree(before: Big, now: Big): boolean {
	if (before.mantissa === 0n || now.mantissa === 0n) return false;
	const ranks = [rankOf(before), rankOf(now)];
	if (ranks.every((rank) => rank < -FAR) || ranks.every((rank) => rank > FAR)) return true;
	const rest = sub(before, now);
	return rest.mantissa === 0n || rankOf(rest) < rankOf(now) - 90n;
}

/** A value and its derivatives at a point, and the terms by which some are measured. */
export interface Truth {
	readonly jet: Jet;
	readonly terms: Partial<Record<Part, readonly Big[]>>;
}

/** A point as the arguments of a definition; its numbers may be beyond those of any dtype. */
function argumentsAt({ arity }: Definition, at: readonly (number | Big)[]): readonly [Jet, Jet] {
	const [x, y] = at.map((z) => (typeof z === "number" ? big(z) : z));
	return [variableX(x!), arity === 2 ? variableY(y!) : constant(0)];
}

/**
 * What an op gives at a point, with more and more bits until 90 of each number stay the same. What
 * is 0 with all the bits there are is 0.
 */
export function jetAt(definition: Definition, at: readonly (number | Big)[]): Jet {
	const { of, arity } = definition;
	const args = argumentsAt(definition, at);
	let jet = withBits(LADDER[0]!, () => of(...args));
	for (const bits of LADDER.slice(1)) {
		const [before, now] = [jet, withBits(bits, () => of(...args))];
		jet = now;
		if (PARTS[arity].every((part) => agree(before[part], now[part]))) break;
	}
	return jet;
}

/** The same, with the terms by which it is measured. */
export function truth(definition: Definition, at: readonly number[]): Truth {
	const args = argumentsAt(definition, at);
	const terms = withBits(480, () => definition.terms?.(...args) ?? {});
	return { jet: jetAt(definition, at), terms };
}
