import { isFloat } from "../core/dtype.ts";
import type { Op } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import { sameShape } from "../core/shape.ts";
import { absorbs } from "./absorbing.ts";
import { uniformNumber } from "./builder.ts";
import type { Instruction, Value } from "./program.ts";

/** A multiple of a product of powers of values. */
export interface Monomial {
	readonly coefficient: number;
	/** In the order in which they are multiplied. */
	readonly factors: ReadonlyMap<Value, number>;
	/**
	 * The op of a product that is 0 where its first factor is, if one was among them and makes a
	 * difference.
	 */
	readonly absorbing: Op | null;
}

/** How far products of sums are multiplied out. */
export type MultiplyingOut = "none" | "to cancel" | "fully";

/** More terms than this are not multiplied out: nobody would read them. */
const MOST_TERMS = 12;

const ONE: Monomial = { coefficient: 1, factors: new Map(), absorbing: null };

/** Reads values as sums of products, through the ops that state their algebra. */
export class TermReader {
	private readonly multiplyingOut: MultiplyingOut;
	private readonly isOpen: (value: Instruction) => boolean;
	private readonly make: (op: Op, inputs: readonly Value[], params: Data) => Value;
	private readonly write: (terms: readonly Monomial[], like: Value) => Value;
	private readonly known = new Map<Value, readonly Monomial[]>();
	/** Sums that stand as factors: of those with the same terms the first stands for all. */
	private readonly sums: { terms: readonly Monomial[]; value: Value }[] = [];

	/**
	 * @param isOpen whether a value inside of another is read as what it was made from; else it is a
	 * factor
	 * @param make makes the application of an op
	 * @param write writes a sum as a value of the type of another
	 */
	constructor(
		multiplyingOut: MultiplyingOut,
		isOpen: (value: Instruction) => boolean,
		make: (op: Op, inputs: readonly Value[], params: Data) => Value,
		write: (terms: readonly Monomial[], like: Value) => Value,
	) {
		this.multiplyingOut = multiplyingOut;
		this.isOpen = isOpen;
		this.make = make;
		this.write = write;
	}

	/** The value as a sum of products; a value that cannot be read so is one factor. */
	terms(value: Value, isInner = false): readonly Monomial[] {
		const number = uniformNumber(value);
		if (number !== null) return number === 0 ? [] : [{ ...ONE, coefficient: number }];
		if (value.kind !== "instruction") return [factor(value)];
		if (isInner && !this.isOpen(value)) return [factor(value)];
		const known = this.known.get(value);
		if (known !== undefined) return known;
		const read = this.read(value);
		const terms = read !== null && read.length <= MOST_TERMS ? read : [factor(value)];
		this.known.set(value, terms);
		return terms;
	}

	private read(value: Instruction): readonly Monomial[] | null {
		const { algebra, linear, view } = value.op.traits ?? {};
		if (!isFloat(value.type.dtype)) return null;
		const parts = value.inputs.map((x) =>
			x.type.dtype === value.type.dtype ? this.terms(x, true) : [factor(x)],
		);
		if (algebra?.coefficients !== undefined) {
			const { coefficients } = algebra;
			return collected(parts.flatMap((terms, i) => multiplied(terms, coefficients[i]!)));
		}
		if (algebra?.powers !== undefined) {
			const absorbing = algebra.absorbing && absorbs(value) ? value.op : null;
			let terms: readonly Monomial[] = [{ ...ONE, absorbing }];
			for (const [i, part] of parts.entries()) {
				for (const t of this.raised(value.inputs[i]!, part, algebra.powers[i]!)) {
					terms = collected(terms.flatMap((x) => t.map((y) => times(x, y))));
				}
			}
			return terms;
		}
		if (view) return this.viewed(value, parts[0]!);
		return linear ? this.pulledOut(value, parts[0]!) : null;
	}

	/** The factors that a power of a value contributes, each as a sum. */
	private raised(value: Value, terms: readonly Monomial[], power: number): (readonly Monomial[])[] {
		if (terms.length === 1) {
			const { coefficient, factors, absorbing } = terms[0]!;
			const powers = [...factors].map(([x, p]): [Value, number] => [x, p * power]);
			return [[{ coefficient: coefficient ** power, factors: new Map(powers), absorbing }]];
		}
		const divides = terms.some(({ factors }) => [...factors.values()].some((p) => p < 0));
		const multiplyOut =
			this.multiplyingOut === "fully" || (this.multiplyingOut === "to cancel" && divides);
		if (power > 0 && (multiplyOut || terms.length === 0)) {
			return Array.from({ length: power }, () => terms);
		}
		return [[factor(this.representative(value, terms), power)]];
	}

	private representative(value: Value, terms: readonly Monomial[]): Value {
		const same = (other: readonly Monomial[]) =>
			other.length === terms.length &&
			terms.every((t) => other.some((o) => o.coefficient === t.coefficient && isLike(o, t)));
		const found = this.sums.find((sum) => same(sum.terms));
		if (found !== undefined) return found.value;
		this.sums.push({ terms, value });
		return value;
	}

	/** A view of a sum of products is the sum of the products of the views. */
	private viewed({ op, params }: Instruction, terms: readonly Monomial[]): readonly Monomial[] {
		return terms.map((term) => {
			const factors = [...term.factors].map(([x, p]) => [this.make(op, [x], params), p] as const);
			return { ...term, factors: new Map(factors) };
		});
	}

	/**
	 * f(c·x) = c·f(x): the multiple stands before what is linear; before a sum also what is constant
	 * along its axes.
	 */
	private pulledOut(
		value: Instruction,
		[term, ...more]: readonly Monomial[],
	): readonly Monomial[] | null {
		if (term === undefined || more.length > 0) return null;
		const { coefficient, factors } = term;
		const outside: Monomial = { ...factorsOf(factors, (x) => repeated(x, value)), coefficient };
		if (coefficient === 1 && outside.factors.size === 0) return null;
		const inside = [...factors].filter(([x]) => repeated(x, value) === null);
		const [x, ...others] = value.inputs as [Value, ...Value[]];
		const { absorbing } = term;
		const staysFirst = inside[0]?.[0] === factors.keys().next().value;
		const kept = {
			coefficient: 1,
			factors: new Map(inside),
			absorbing: staysFirst ? absorbing : null,
		};
		const inner = this.make(value.op, [this.write([kept], x), ...others], value.params);
		return this.terms(inner, true).map((t) =>
			staysFirst
				? times({ ...t, absorbing: t.absorbing ?? absorbing }, outside)
				: times({ ...outside, absorbing }, t),
		);
	}
}

function factor(value: Value, power = 1): Monomial {
	return { ...ONE, factors: new Map([[value, power]]) };
}

/** What a factor under a sum repeats along the axes of the sum; null where it varies along them. */
function repeated(x: Value, sum: Instruction): Value | null {
	if (x.kind !== "instruction" || sum.op.traits?.totals === undefined) return null;
	const [source] = x.inputs;
	return x.op.traits?.stretch && sameShape(source!.type.shape, sum.type.shape) ? source! : null;
}

/** A product of those factors that become something else. */
function factorsOf(factors: Monomial["factors"], become: (x: Value) => Value | null): Monomial {
	const pairs = [...factors].flatMap(([x, p]): [Value, number][] => {
		const y = become(x);
		return y === null ? [] : [[y, p]];
	});
	return { ...ONE, factors: new Map(pairs) };
}

function multiplied(terms: readonly Monomial[], by: number): readonly Monomial[] {
	return terms.map((term) => ({ ...term, coefficient: term.coefficient * by }));
}

function times(x: Monomial, y: Monomial): Monomial {
	// The first factor of an absorbing product stays first; one that either factor makes 0 goes on
	// doing so.
	const [first, second] = x.absorbing === null && y.absorbing !== null ? [y, x] : [x, y];
	const isEither = second.absorbing?.traits?.algebra?.absorbing === "either";
	const factors = new Map(first.factors);
	for (const [value, power] of second.factors) {
		const sum = (factors.get(value) ?? 0) + power;
		if (sum === 0) factors.delete(value);
		else factors.set(value, sum);
	}
	const absorbing = isEither ? second.absorbing : first.absorbing;
	return { coefficient: x.coefficient * y.coefficient, factors, absorbing };
}

/** Terms of the same factors added up; those that cancel are gone. */
function collected(terms: readonly Monomial[]): readonly Monomial[] {
	const out: Monomial[] = [];
	for (const term of terms) {
		const at = out.findIndex((other) => isLike(other, term));
		if (at < 0) out.push(term);
		else {
			const one = out[at]!.absorbing === null ? term : out[at]!;
			out[at] = { ...one, coefficient: out[at]!.coefficient + term.coefficient };
		}
	}
	return out.filter(({ coefficient }) => coefficient !== 0);
}

/** Whether two terms differ in their coefficients alone. */
export function isLike({ factors }: Monomial, other: Monomial): boolean {
	const { size } = other.factors;
	return factors.size === size && [...factors].every(([x, p]) => other.factors.get(x) === p);
}
