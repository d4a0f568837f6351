import { isFloat } from "../core/dtype.ts";
import { sameShape } from "../core/shape.ts";
import { reshape } from "../structure/layout.ts";
import { absorbs } from "./absorbing.ts";
import { uniformNumber } from "./builder.ts";
import { factorsIn, type Monomial, termsKey } from "./known-terms.ts";
import { countOf, type Make, sumBehind } from "./means.ts";
import { type Instruction, instructionsOf, type Value } from "./program.ts";

/** How values are read. */
export interface TermReading {
	/** How far products of sums are multiplied out. */
	readonly multiplyingOut: "none" | "to cancel" | "fully";
	/** Whether the sum over axes of a sum of terms is read as the sum of theirs. */
	readonly addsUp?: boolean;
	/**
	 * Whether a value inside of another is read as what it was made from; else it is a factor.
	 */
	readonly isOpen: (value: Instruction) => boolean;
}

/** More terms than this are not multiplied out: nobody would read them. */
const MOST_TERMS = 12;
/** And a longer product is one factor: a chain of a thousand is read piece by piece. */
const MOST_FACTORS = 12;

const ONE: Monomial = { coefficient: 1, factors: new Map(), absorbing: null };

/** Reads values as sums of products, through the ops that state their algebra. */
export class TermReader {
	private readonly reading: TermReading;
	private readonly make: Make;
	private readonly write: (terms: readonly Monomial[], like: Value) => Value;
	private readonly known = new Map<Value, readonly Monomial[]>();
	/** Sums that stand as factors: of those with the same terms the first stands for all. */
	private readonly sums = new Map<string, Value>();

	/**
	 * @param make makes the application of an op
	 * @param write writes a sum as a value of the type of another
	 */
	constructor(
		reading: TermReading,
		make: Make,
		write: (terms: readonly Monomial[], like: Value) => Value,
	) {
		this.reading = reading;
		this.make = make;
		this.write = write;
	}

	/** The value as a sum of products; a value that cannot be read so is one factor. */
	terms(value: Value, isInner = false): readonly Monomial[] {
		const number = uniformNumber(value);
		if (number !== null) return number === 0 ? [] : [{ ...ONE, coefficient: number }];
		if (value.kind !== "instruction") return [factor(value)];
		if (isInner && !this.reading.isOpen(value)) return [factor(value)];
		const known = this.known.get(value);
		if (known !== undefined) return known;
		// What it is made from first, each after its inputs: a chain may be too long to go down it.
		const there = { has: (x: Value) => x !== value && !this.isToRead(x as Instruction) };
		for (const step of instructionsOf([value], there)) {
			const read = this.read(step);
			this.known.set(step, read !== null && isShort(read) ? read : [factor(step)]);
		}
		return this.known.get(value)!;
	}

	private isToRead(value: Instruction): boolean {
		return isFloat(value.type.dtype) && !this.known.has(value) && this.reading.isOpen(value);
	}

	private read(value: Instruction): readonly Monomial[] | null {
		const { algebra, linear, view, averages, raises } = value.op.traits ?? {};
		if (!isFloat(value.type.dtype)) return null;
		if (averages !== undefined) {
			const total = this.terms(sumBehind(value, this.make), true);
			return multiplied(total, 1 / countOf(value));
		}
		const parts = value.inputs.map((x) =>
			x.type.dtype === value.type.dtype ? this.terms(x, true) : [factor(x)],
		);
		if (algebra?.coefficients !== undefined) {
			const { coefficients } = algebra;
			return collected(parts.flatMap((terms, i) => multiplied(terms, coefficients[i]!)));
		}
		if (algebra?.powers !== undefined) {
			const absorbing = algebra.absorbing && absorbs(value) ? value.op : null;
			const sums = parts.flatMap((part, i) =>
				this.raised(value.inputs[i]!, part, algebra.powers![i]!),
			);
			return this.multipliedOut([[{ ...ONE, absorbing }], ...sums]);
		}
		if (raises) {
			const power = uniformNumber(value.inputs[1]!) ?? 0;
			if (!Number.isInteger(power) || power < 1) return null;
			return this.multipliedOut(this.raised(value.inputs[0]!, parts[0]!, power));
		}
		if (view) return this.viewed(value, parts[0]!);
		return linear ? this.pulledOut(value, parts[0]!) : null;
	}

	private multipliedOut(sums: readonly (readonly Monomial[])[]): readonly Monomial[] {
		return sums.reduce((terms, sum) =>
			collected(terms.flatMap((x) => sum.map((y) => timesTerm(x, y)))),
		);
	}

	/** The factors that a power of a value contributes, each as a sum. */
	private raised(value: Value, terms: readonly Monomial[], power: number): (readonly Monomial[])[] {
		if (terms.length === 1) {
			const { coefficient, factors, absorbing } = terms[0]!;
			const powers = [...factors].map(([x, p]): [Value, number] => [x, p * power]);
			return [[{ coefficient: coefficient ** power, factors: new Map(powers), absorbing }]];
		}
		const divides = terms.some(({ factors }) => [...factors.values()].some((p) => p < 0));
		const { multiplyingOut } = this.reading;
		const multiplyOut = multiplyingOut === "fully" || (multiplyingOut === "to cancel" && divides);
		if (power > 0 && (multiplyOut || terms.length === 0)) {
			return Array.from({ length: power }, () => terms);
		}
		return [[factor(this.representative(value, terms), power)]];
	}

	private representative(value: Value, terms: readonly Monomial[]): Value {
		const key = termsKey(terms);
		const found = this.sums.get(key);
		if (found !== undefined) return found;
		this.sums.set(key, value);
		return value;
	}

	/** A view of a sum of products is the sum of the products of the views. */
	private viewed({ op, params }: Instruction, terms: readonly Monomial[]): readonly Monomial[] {
		return terms.map((term) => {
			const factors = [...term.factors].map(([x, p]) => [this.make(op, [x], params), p] as const);
			return { ...term, factors: factorsIn(factors) };
		});
	}

	/**
	 * f(c·x) = c·f(x): the multiple stands before what is linear; before a sum also what is constant
	 * along its axes.
	 */
	private pulledOut(value: Instruction, terms: readonly Monomial[]): readonly Monomial[] | null {
		const adds = value.op.traits?.totals !== undefined;
		if (terms.length > 1 && !(adds && this.reading.addsUp)) return null;
		const isBare = ({ coefficient, factors }: Monomial) =>
			coefficient === 1 && [...factors].every(([x]) => repeated(x, value, this.make) === null);
		if (terms.length === 1 && isBare(terms[0]!)) return null;
		return collected(terms.flatMap((term) => this.pulledOutOf(term, value)));
	}

	private pulledOutOf(term: Monomial, value: Instruction): readonly Monomial[] {
		const { coefficient, factors, absorbing } = term;
		const outside: Monomial = {
			...factorsOf(factors, (x) => repeated(x, value, this.make)),
			coefficient,
		};
		const inside = [...factors].filter(([x]) => repeated(x, value, this.make) === null);
		if (inside.length === 0 && value.op.traits?.totals !== undefined) {
			return [{ ...outside, coefficient: coefficient * countOf(value), absorbing }];
		}
		const [x, ...others] = value.inputs as [Value, ...Value[]];
		const staysFirst = inside[0]?.[0] === factors.keys().next().value;
		const kept = {
			coefficient: 1,
			factors: new Map(inside),
			absorbing: staysFirst ? absorbing : null,
		};
		const inner = this.make(value.op, [this.write([kept], x), ...others], value.params);
		return this.terms(inner, true).map((t) =>
			staysFirst
				? timesTerm({ ...t, absorbing: t.absorbing ?? absorbing }, outside)
				: timesTerm({ ...outside, absorbing }, t),
		);
	}
}

function isShort(terms: readonly Monomial[]): boolean {
	return terms.length <= MOST_TERMS && terms.every(({ factors }) => factors.size <= MOST_FACTORS);
}

/** A power of a value as a term. */
export function factor(value: Value, power = 1): Monomial {
	return { ...ONE, factors: new Map([[value, power]]) };
}

/**
 * What a factor under a sum repeats along the axes of the sum, in the shape of the sum; null where
 * it varies along them.
 */
function repeated(x: Value, sum: Instruction, make: Make): Value | null {
	const axes = sum.op.traits?.totals?.(sum.params);
	if (x.kind !== "instruction" || axes === undefined || !x.op.traits?.stretch) return null;
	const source = x.inputs[0]!;
	const { shape } = sum.type;
	if (sameShape(source.type.shape, shape)) return source;
	const ahead = x.type.shape.length - source.type.shape.length;
	const varies = axes.some((axis) => (source.type.shape[axis - ahead] ?? 1) !== 1);
	if (varies) return null;
	const rest = source.type.shape.filter((_, i) => !axes.includes(i + ahead));
	const keepsAxes = shape.length === x.type.shape.length;
	const flat = keepsAxes ? source : make(reshape.op, [source], { shape: rest });
	return sameShape(flat.type.shape, shape) ? flat : make(x.op, [flat], { shape });
}

/** A product of those factors that become something else. */
function factorsOf(factors: Monomial["factors"], become: (x: Value) => Value | null): Monomial {
	const pairs = [...factors].flatMap(([x, p]): [Value, number][] => {
		const y = become(x);
		return y === null ? [] : [[y, p]];
	});
	return { ...ONE, factors: factorsIn(pairs) };
}

function multiplied(terms: readonly Monomial[], by: number): readonly Monomial[] {
	return terms.map((term) => ({ ...term, coefficient: term.coefficient * by }));
}

/** The product of two terms. */
export function timesTerm(x: Monomial, y: Monomial): Monomial {
	// The first factor of an absorbing product stays first; one that either factor makes 0 goes on
	// doing so.
	const [first, second] = x.absorbing === null && y.absorbing !== null ? [y, x] : [x, y];
	const isEither = second.absorbing?.traits?.algebra?.absorbing === "either";
	const factors = factorsIn([...first.factors, ...second.factors]);
	const absorbing = isEither ? second.absorbing : first.absorbing;
	return { coefficient: x.coefficient * y.coefficient, factors, absorbing };
}

/** Terms of the same factors added up; those that cancel are gone. */
export function collected(terms: readonly Monomial[]): readonly Monomial[] {
	const out: Monomial[] = [];
	for (const term of terms) {
		const at = out.findIndex((other) => isLike(other, term));
		if (at < 0) out.push(term);
		else {
			const one = out[at]!.absorbing === null ? term : out[at]!;
			const sum = out[at]!.coefficient + term.coefficient;
			// n · (1/n) may differ from 1 by rounding.
			const isNothing = Math.abs(sum) <= 1e-14 * Math.abs(term.coefficient);
			out[at] = { ...one, coefficient: isNothing ? 0 : sum };
		}
	}
	return out.filter(({ coefficient }) => coefficient !== 0);
}

/** Whether two terms differ in their coefficients alone. */
export function isLike({ factors }: Monomial, other: Monomial): boolean {
	const { size } = other.factors;
	return factors.size === size && [...factors].every(([x, p]) => other.factors.get(x) === p);
}

/** A term without the factors and the coefficient of another. */
export function overTerm(term: Monomial, by: Monomial): Monomial {
	const factors = new Map<Value, number>();
	for (const [x, p] of term.factors) {
		const rest = p - (by.factors.get(x) ?? 0);
		if (rest !== 0) factors.set(x, rest);
	}
	return { ...term, coefficient: term.coefficient / by.coefficient, factors };
}
