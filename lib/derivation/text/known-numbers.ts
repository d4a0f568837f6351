import type { DType } from "../../core/dtype.ts";
import type { SizeLanguage } from "./size-text.ts";

/** A number that has a name: its texts, and what they give. */
interface KnownNumber {
	readonly value: number;
	readonly latex: string;
	readonly code: (language: SizeLanguage, dtype: DType) => string;
}

const GREATEST_ROOT = 200;
const GREATEST_DIVISOR = 12;

/** Roots are exact in every language, and so are quotients: what is written has the same bits. */
function* candidates(): Generator<KnownNumber> {
	const pi: KnownNumber = { value: Math.PI, latex: "\\pi", code: ({ pi }) => pi };
	const isSquare = (n: number) => Number.isInteger(Math.sqrt(n));
	const whole = (n: number): KnownNumber => ({ value: n, latex: `${n}`, code: () => `${n}` });
	yield* [pi, times(2, pi), over(pi, whole(2)), over(whole(1), pi), over(whole(2), pi)];
	for (const x of [pi, times(2, pi), over(whole(2), pi), over(pi, whole(2))]) yield root(x);
	for (const x of [pi, times(2, pi)]) yield over(whole(1), root(x));
	yield over(whole(2), root(pi));
	for (let n = 2; n <= GREATEST_ROOT; n++) {
		if (isSquare(n)) continue;
		yield n % 4 === 0 ? times(2, root(whole(n / 4))) : root(whole(n));
		yield over(whole(1), root(whole(n)));
	}
	for (let n = 2; n <= GREATEST_ROOT; n++) {
		for (let d = 2; d <= GREATEST_DIVISOR && !isSquare(n); d++)
			yield over(root(whole(n)), whole(d));
	}
}

function root({ value, latex, code }: KnownNumber): KnownNumber {
	return {
		value: Math.sqrt(value),
		latex: `\\sqrt{${latex}}`,
		code: (language, dtype) => {
			const inner = code(language, dtype);
			const isWord = /^[\w.]+$/.test(inner);
			// NumPy's root of a number is a float64, which would make float64 of float32.
			if (dtype === "float64" && language.call !== undefined) return `${language.call}(${inner})`;
			return language.root(isWord || language.call === undefined ? inner : `(${inner})`);
		},
	};
}

function times(n: number, { value, latex, code }: KnownNumber): KnownNumber {
	return {
		value: n * value,
		latex: `${n}\\,${latex}`,
		code: (...how) => `${n} * ${code(...how)}`,
	};
}

function over(x: KnownNumber, y: KnownNumber): KnownNumber {
	return {
		value: x.value / y.value,
		latex: `\\frac{${x.latex}}{${y.latex}}`,
		code: (...how) => `${x.code(...how)} / ${y.code(...how)}`,
	};
}

let table: ReadonlyMap<number, KnownNumber> | null = null;
let float32: ReadonlyMap<number, KnownNumber> | null = null;

function tableOf(round: (x: number) => number): Map<number, KnownNumber> {
	const found = new Map<number, KnownNumber>();
	for (const each of candidates()) {
		const value = round(each.value);
		if (!found.has(value)) found.set(value, each);
	}
	return found;
}

/**
 * What a positive number is to the bit, of roots of small whole numbers and of π; null for none.
 */
export function knownNumber(number: number, dtype: DType): KnownNumber | null {
	if (Number.isInteger(number) || String(number).length < 7) return null;
	if (dtype === "float64") {
		table ??= tableOf((x) => x);
		return table.get(number) ?? null;
	}
	if (dtype !== "float32") return null;
	float32 ??= tableOf(Math.fround);
	return float32.get(Math.fround(number)) ?? null;
}
