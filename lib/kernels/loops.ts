import type { TypedArray } from "../core/dtype.ts";
import { definition } from "../scalar/javascript.ts";
import { termEvaluator } from "../scalar/numbers.ts";
import type { Term } from "../scalar/scalar.ts";
import { generated } from "./generated.ts";
import { forLoops } from "./narrow.ts";
import { leastForVectors, MANY, type VectorLoop } from "./vectors.ts";

/**
 * Runs a formula over n elements: out[o + i] = f(x[xo + i·xs], y[yo + i·ys], …) where `sources`
 * interleaves the three of each input. Returns the last value that did not fit into int32 when
 * `checked`, else undefined.
 */
export type Loop = (
	n: number,
	out: TypedArray,
	o: number,
	...sources: (TypedArray | number)[]
) => number | undefined;

/** The loop of a formula, generated with its term inside; `vectors` do what is long enough. */
export function makeLoop(
	name: string,
	term: Term,
	arity: number,
	checked: boolean,
	vectors: VectorLoop | null = null,
): Loop {
	const source = loopSource(name, term, arity, checked, vectors !== null);
	const least = leastForVectors(term);
	const shared = () => sharedLoop(termEvaluator(term), arity, checked, vectors, least);
	return generated([term], source, shared, { vectors });
}

function loopSource(
	name: string,
	term: Term,
	arity: number,
	checked: boolean,
	hasVectors: boolean,
): string {
	const letters = Array.from({ length: arity }, (_, k) => `x${k}`);
	const loop = (values: string[], at: string) => {
		const value = `formula(${values.join(", ")})${term.type === "truth" ? " ? 1 : 0" : ""}`;
		const body = checked
			? `const v = ${value}; if (v !== (v | 0)) misfit = v; out[${at}] = v;`
			: `out[${at}] = ${value};`;
		return `for (let i = 0; i < n; i++) { ${body} }`;
	};
	// Most tensors fill their storage in order, and at most one of them is a number spread out:
	// without strides the loop is up to half as fast again.
	const fast = [-1, ...letters.keys()].map((number) => {
		const when = letters.map((x, k) =>
			k === number ? `${x}s === 0` : `${x}s === 1 && ${x}o === 0`,
		);
		const values = letters.map((x, k) => (k === number ? "number" : `${x}[i]`));
		const hoisted = number < 0 ? "" : `const number = x${number}[x${number}o];`;
		return `if (o === 0 && ${when.join(" && ")}) { ${hoisted} ${loop(values, "i")} } else `;
	});
	const strided = letters.map((x) => `${x}[${x}o + i * ${x}s]`);
	const sources = letters.map((x) => `${x}, ${x}o, ${x}s`).join(", ");
	const long = `if (n >= ${leastForVectors(term)} && vectors(n, out, o, ${sources})) return;`;
	return `${definition({ name: "formula", arity, term: () => term }, forLoops).join("\n")}
	return function ${name}Loop(n, out, o, ${sources}) {
		${hasVectors ? long : ""}
		let misfit;
		${fast.join("")} { ${loop(strided, "o + i")} }
		return misfit;
	}`;
}

/** The same without generated code. */
export function sharedLoop(
	f: (...values: number[]) => number,
	arity: number,
	checked: boolean,
	vectors: VectorLoop | null = null,
	least = MANY,
): Loop {
	return (n, out, o, ...sources) => {
		if (n >= least && vectors?.(n, out, o, ...sources)) return undefined;
		let misfit: number | undefined;
		const values = new Array<number>(arity);
		for (let i = 0; i < n; i++) {
			for (let k = 0; k < arity; k++) {
				const x = sources[3 * k] as TypedArray;
				values[k] = x[(sources[3 * k + 1] as number) + i * (sources[3 * k + 2] as number)]!;
			}
			const value = f(...values);
			if (checked && value !== (value | 0)) misfit = value;
			out[o + i] = value;
		}
		return misfit;
	};
}
