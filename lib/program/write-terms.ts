import type { OpFunction, TensorType } from "../core/op.ts";
import { sameShape } from "../core/shape.ts";
import { add, div, mul, neg, reciprocal, square, sub } from "../ops/arithmetic.ts";
import { power } from "../ops/exponential.ts";
import type { Builder } from "./builder.ts";
import { factorsIn, type Monomial } from "./known-terms.ts";
import { countOf, shownSum, withMean } from "./means.ts";
import type { Instruction, Value } from "./program.ts";
import { overTerm } from "./sum-of-products.ts";

/** Writes sums of products as values of one type, the way a person would. */
export class Writer {
	private readonly builder: Builder;
	private readonly type: TensorType;
	private readonly divisors: readonly number[];
	private readonly numbers: ReadonlySet<number>;

	/**
	 * @param divisors numbers that mean something in the program, such as a count: 0.015625 is
	 * written as a division by 64.
	 * @param numbers those that are written in it: 0.3 among them, 0.6 is not made 3/5
	 */
	constructor(
		builder: Builder,
		type: TensorType,
		divisors: readonly number[],
		numbers: ReadonlySet<number> = new Set(),
	) {
		this.builder = builder;
		this.type = type;
		this.divisors = divisors;
		this.numbers = numbers;
	}

	/** What all terms have in common stands outside; positive terms come first. */
	sum(terms: readonly Monomial[]): Value {
		if (terms.length === 0) return this.number(0);
		if (terms.length === 1) return this.product(terms[0]!);
		const shared = this.withCoefficient(sharedBy(terms), terms);
		if (shared.coefficient !== 1 || shared.factors.size > 0) {
			const inner = this.sum(terms.map((term) => overTerm(term, shared)));
			const { coefficient, factors, absorbing, first } = shared;
			const sum = [inner, 1] as const;
			// The factor that makes an absorbing product 0 stays first.
			const isFirst = first !== undefined && factors.has(first);
			const all = factorsIn(isFirst ? [...factors, sum] : [sum, ...factors]);
			return this.product({ coefficient, factors: all, absorbing });
		}
		const positive = terms.filter(({ coefficient }) => coefficient > 0);
		const negative = terms.filter(({ coefficient }) => coefficient < 0);
		let sum = this.product(positive[0]!);
		for (const term of positive.slice(1)) sum = this.apply(add, sum, this.product(term));
		for (const term of negative) {
			sum = this.apply(sub, sum, this.product({ ...term, coefficient: -term.coefficient }));
		}
		return sum;
	}

	/**
	 * A coefficient that leaves nothing but means stands outside too, unless a sum would be a mean
	 * for its sake.
	 */
	private withCoefficient(shared: Shared, terms: readonly Monomial[]): Shared {
		const sizes = terms.map(({ coefficient }) => Math.abs(coefficient));
		const most = Math.max(...sizes);
		if (Math.abs(shared.coefficient) !== 1 || sizes.includes(1)) return shared;
		const isLeft = terms.every(({ coefficient, factors }) => {
			const rest = { coefficient: coefficient / most, factors, absorbing: null };
			return Math.abs(this.averaged(rest).coefficient) === 1;
		});
		return isLeft ? { ...shared, coefficient: shared.coefficient * most } : shared;
	}

	private product(monomial: Monomial): Value {
		const { coefficient, factors, absorbing } = this.averaged(monomial);
		if (factors.size === 0) return this.number(coefficient);
		const { top, bottom } = this.fraction(Math.abs(coefficient));
		const multiple = Math.sign(coefficient) * top;
		const times = (x: Value, y: Value) =>
			absorbing === null ? this.apply(mul, x, y) : this.builder.apply(absorbing, [x, y], null);
		let out: Value | null = null;
		for (const [x, p] of absorbing === null ? this.together(factors) : factors) {
			if (p < 0) continue;
			const raised = this.power(x, p);
			out = out === null ? this.times(multiple, raised) : times(out, raised);
		}
		for (const [x, p] of factors) {
			if (p > 0) continue;
			const divisor = this.power(x, -p);
			if (out === null && multiple === 1) out = this.apply(reciprocal, divisor);
			else if (absorbing !== null && out !== null)
				out = times(out, this.apply(reciprocal, divisor));
			else out = this.apply(div, out ?? this.number(multiple), divisor);
		}
		return bottom === 1 ? out! : this.apply(div, out!, this.number(bottom));
	}

	/** Factors that are there in another shape, the same for all, are multiplied before that. */
	private together(factors: Monomial["factors"]): Monomial["factors"] {
		const sources = new Map<Value, Value>();
		for (const [x, p] of factors) {
			const isReshaped = x.kind === "instruction" && x.op.loops?.kind === "order";
			if (p === 1 && isReshaped) sources.set(x, x.inputs[0]!);
		}
		const [first] = sources;
		if (first === undefined) return factors;
		const alike = [...sources].filter(([, y]) => sameShape(y.type.shape, first[1].type.shape));
		if (alike.length === 1) return factors;
		const product = alike.map(([, y]) => y).reduce((x, y) => this.apply(mul, x, y));
		const { op, params } = first[0] as Instruction;
		const reshaped = this.builder.apply(op, [product], params);
		const gone = new Set(alike.map(([x]) => x));
		const pairs = [...factors].filter(([x]) => x === first[0] || !gone.has(x));
		return factorsIn(pairs.map(([x, p]) => [x === first[0] ? reshaped : x, p] as const));
	}

	/** A sum over n elements, divided by n, is a mean. */
	private averaged(monomial: Monomial): Monomial {
		const { coefficient, factors } = monomial;
		const size = Math.abs(coefficient);
		for (const [x, p] of factors) {
			const sum = p === 1 ? shownSum(x) : null;
			const n = sum === null ? 1 : countOf(sum);
			if (n === 1 || !isNear(size * n, 1, this.type)) continue;
			const mean = withMean(x as Instruction, (...made) => this.builder.apply(...made));
			const pairs = [...factors].map(([y, q]): [Value, number] => [y === x ? mean : y, q]);
			return { ...monomial, coefficient: Math.sign(coefficient), factors: factorsIn(pairs) };
		}
		return monomial;
	}

	/** The number as a small whole number over one of the divisors, where it is one. */
	private fraction(number: number): { top: number; bottom: number } {
		if (Number.isInteger(number)) return { top: number, bottom: 1 };
		const most = this.isWritten(number) ? 1 : GREATEST_TOP;
		for (let top = 1; top <= most; top++) {
			const bottom = this.divisors.find((n) => isNear(number * n, top, this.type));
			if (bottom !== undefined) return { top, bottom };
		}
		return { top: number, bottom: 1 };
	}

	/** Whether the number, or what it is a small multiple of, is written in the program. */
	private isWritten(number: number): boolean {
		if (this.numbers.has(number)) return true;
		return [...this.numbers].some((x) => {
			const times = Math.round(number / x);
			if (Number.isInteger(x) || times < 1 || times > GREATEST_TOP) return false;
			// What is 1/n itself may come from a mean.
			const isShare = this.divisors.some((n) => isNear(x * n, 1, this.type));
			return !isShare && isNear(times * x, number, this.type);
		});
	}

	private times(multiple: number, x: Value): Value {
		if (multiple === 1) return x;
		return multiple === -1 ? this.apply(neg, x) : this.apply(mul, this.number(multiple), x);
	}

	private power(x: Value, p: number): Value {
		if (p === 1) return x;
		return p === 2 ? this.apply(square, x) : this.apply(power, x, this.number(p));
	}

	private number(value: number): Value {
		return this.builder.number(value, this.type);
	}

	private apply(f: OpFunction<string, unknown>, ...inputs: Value[]): Value {
		return this.builder.apply(f.op, inputs, null);
	}
}

type Shared = Monomial & { readonly first: Value | undefined };

/**
 * The factors of all terms, their coefficient where that is the same up to sign, and the first
 * factor of an absorbing one.
 */
export function sharedBy(
	terms: readonly Monomial[],
): Monomial & { readonly first: Value | undefined } {
	const [first, ...others] = terms as [Monomial, ...Monomial[]];
	const factors = new Map<Value, number>();
	for (const [x, p] of first.factors) {
		const powers = [p, ...others.map((term) => term.factors.get(x) ?? 0)];
		const least = powers.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a));
		if (powers.every((q) => q * least > 0)) factors.set(x, least);
	}
	const size = Math.abs(first.coefficient);
	const same = others.every(({ coefficient }) => Math.abs(coefficient) === size);
	const sign = terms.every(({ coefficient }) => coefficient < 0) ? -1 : 1;
	const absorber = terms.find((term) => term.absorbing !== null);
	return {
		coefficient: sign * (same ? size : 1),
		factors,
		absorbing: absorber?.absorbing ?? null,
		first: absorber?.factors.keys().next().value,
	};
}

/** Numerators that a person would leave beside a count: 2/n, 3/n. */
const GREATEST_TOP = 4;
const ROUNDING = { float64: 1e-14, float32: 1e-6, int32: 0, bool: 0 };

function isNear(x: number, whole: number, { dtype }: TensorType): boolean {
	return Math.abs(x - whole) <= ROUNDING[dtype] * whole;
}
