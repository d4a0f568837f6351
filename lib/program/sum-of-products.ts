import { isFloat } from "../dtype.ts";
import type { Op } from "../op.ts";
import type { Builder } from "./builder.ts";
import { uniform } from "./builder.ts";
import type { Instruction, Value } from "./program.ts";

/** A multiple of a product of powers of values. */
export interface Term {
	readonly coefficient: number;
	/** In the order in which they are multiplied. */
	readonly factors: ReadonlyMap<Value, number>;
	/** The op of a product that is 0 where its first factor is, if one was among them. */
	readonly absorbing: Op | null;
}

/** How far products of sums are multiplied out. */
export type Expansion = "none" | "to cancel" | "fully";

/** What a reader of sums of products needs to know of the program. */
export interface Reading {
	readonly expansion: Expansion;
	/** Whether the value is to be read as what it was made from; else it is a factor by itself. */
	readonly isOpen: (value: Instruction) => boolean;
	readonly builder: Builder;
	readonly known: Map<Value, readonly Term[]>;
}

/** More terms than this are not multiplied out: nobody would read them. */
const MOST_TERMS = 12;

/** The value as a sum of products of values, read through the ops that state their algebra. */
export function termsOf(value: Value, reading: Reading, isTop = true): readonly Term[] {
	const number = uniform(value);
	if (number !== null) return number === 0 ? [] : [{ ...ONE, coefficient: number }];
	if (value.kind !== "instruction") return [factor(value)];
	const known = reading.known.get(value);
	if (known !== undefined) return known;
	const terms = isTop || reading.isOpen(value) ? read(value, reading) : null;
	const result = terms !== null && terms.length <= MOST_TERMS ? terms : [factor(value)];
	reading.known.set(value, result);
	return result;
}

const ONE: Term = { coefficient: 1, factors: new Map(), absorbing: null };

function factor(value: Value, power = 1): Term {
	return { ...ONE, factors: new Map([[value, power]]) };
}

function read(value: Instruction, reading: Reading): readonly Term[] | null {
	const { algebra, linear } = value.op.facts ?? {};
	if (!isFloat(value.type.dtype)) return null;
	const parts = value.inputs.map((x) =>
		x.type.dtype === value.type.dtype ? termsOf(x, reading, false) : [factor(x)],
	);
	if (algebra?.coefficients !== undefined) {
		const { coefficients } = algebra;
		return collected(
			parts.flatMap((terms, i) =>
				terms.map((t) => ({ ...t, coefficient: t.coefficient * coefficients[i]! })),
			),
		);
	}
	if (algebra?.powers !== undefined) {
		let terms: readonly Term[] = [{ ...ONE, absorbing: algebra.absorbing ? value.op : null }];
		for (const [i, part] of parts.entries()) {
			for (const t of raised(value.inputs[i]!, part, algebra.powers[i]!, reading)) {
				terms = product(terms, t);
			}
		}
		return terms;
	}
	return linear ? withoutCoefficient(value, parts[0]!, reading) : null;
}

/** The factors that a power of a sum contributes, each as a sum. */
function raised(
	value: Value,
	terms: readonly Term[],
	power: number,
	{ expansion }: Reading,
): (readonly Term[])[] {
	if (terms.length === 1) {
		const { coefficient, factors, absorbing } = terms[0]!;
		const powers = [...factors].map(([x, p]): [Value, number] => [x, p * power]);
		return [[{ coefficient: coefficient ** power, factors: new Map(powers), absorbing }]];
	}
	const divides = terms.some(({ factors }) => [...factors.values()].some((p) => p < 0));
	if (power > 0 && (expansion === "fully" || (expansion === "to cancel" && divides))) {
		return Array.from({ length: power }, () => terms);
	}
	return terms.length === 0 && power > 0 ? [[]] : [[factor(value, power)]];
}

/** f(c·x) = c·f(x): the multiple stands before what is linear. */
function withoutCoefficient(
	value: Instruction,
	[term, ...others]: readonly Term[],
	{ builder }: Reading,
): readonly Term[] | null {
	if (term === undefined || others.length > 0) return null;
	const { coefficient, factors } = term;
	if (coefficient === 1 || factors.size !== 1) return null;
	const [[x, power]] = [...factors] as [[Value, number]];
	if (power !== 1) return null;
	const inner = builder.apply(value.op, [x, ...value.inputs.slice(1)], value.params);
	return [{ ...factor(inner), coefficient }];
}

function product(xs: readonly Term[], ys: readonly Term[]): readonly Term[] {
	return collected(xs.flatMap((x) => ys.map((y) => times(x, y))));
}

function times(x: Term, y: Term): Term {
	// The first factor of an absorbing product stays first.
	const [first, second] = x.absorbing === null && y.absorbing !== null ? [y, x] : [x, y];
	const factors = new Map(first.factors);
	for (const [value, power] of second.factors) {
		const sum = (factors.get(value) ?? 0) + power;
		if (sum === 0) factors.delete(value);
		else factors.set(value, sum);
	}
	return { coefficient: x.coefficient * y.coefficient, factors, absorbing: first.absorbing };
}

/** Terms of the same factors added up; those that cancel are gone. */
function collected(terms: readonly Term[]): readonly Term[] {
	const out: Term[] = [];
	for (const term of terms) {
		const at = out.findIndex((other) => sameFactors(other.factors, term.factors));
		if (at < 0) out.push(term);
		else out[at] = { ...out[at]!, coefficient: out[at]!.coefficient + term.coefficient };
	}
	return out.filter(({ coefficient }) => coefficient !== 0);
}

function sameFactors(x: Term["factors"], y: Term["factors"]): boolean {
	return x.size === y.size && [...x].every(([value, power]) => y.get(value) === power);
}
