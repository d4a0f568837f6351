import type { Storage } from "./dtype.ts";

/**
 * Runs a scalar function over n elements: out[o + i] = f(x[xo + i·xs], y[yo + i·ys], …) where `sources`
 * interleaves the three of each input. Returns the last value that did not fit into int32 when `checked`,
 * else undefined.
 */
export type Loop = (
	n: number,
	out: Storage,
	o: number,
	...sources: (Storage | number)[]
) => number | undefined;

/**
 * A loop with a copy of its own of the code below, so that the engine sees one function at its call site and
 * inlines it; a loop shared by all ops would pay a call for each element. Where code generation is forbidden
 * (a page's Content-Security-Policy without unsafe-eval), a shared loop does the same, slower.
 */
export function makeLoop(
	name: string,
	f: (...values: number[]) => number,
	arity: number,
	checked: boolean,
): Loop {
	try {
		return new Function("f", loopSource(name, arity, checked))(f) as Loop;
	} catch (error) {
		if (error instanceof EvalError) return sharedLoop(f, arity, checked);
		throw error;
	}
}

function loopSource(name: string, arity: number, checked: boolean): string {
	const letters = Array.from({ length: arity }, (_, k) => `x${k}`);
	const loop = (values: string[], at: string) => {
		const call = `f(${values.join(", ")})`;
		const body = checked
			? `const v = ${call}; if (v !== (v | 0)) misfit = v; out[${at}] = v;`
			: `out[${at}] = ${call};`;
		return `for (let i = 0; i < n; i++) { ${body} }`;
	};
	// Most tensors fill their storage in order, and at most one of them is a number spread out: without strides
	// the loop is up to half as fast again.
	const fast = [-1, ...letters.keys()].map((number) => {
		const when = letters.map((x, k) =>
			k === number ? `${x}s === 0` : `${x}s === 1 && ${x}o === 0`,
		);
		const values = letters.map((x, k) => (k === number ? "number" : `${x}[i]`));
		const hoisted = number < 0 ? "" : `const number = x${number}[x${number}o];`;
		return `if (o === 0 && ${when.join(" && ")}) { ${hoisted} ${loop(values, "i")} } else `;
	});
	const strided = letters.map((x) => `${x}[${x}o + i * ${x}s]`);
	return `return function ${name}Loop(n, out, o, ${letters.map((x) => `${x}, ${x}o, ${x}s`).join(", ")}) {
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
): Loop {
	return (n, out, o, ...sources) => {
		let misfit: number | undefined;
		const values = new Array<number>(arity);
		for (let i = 0; i < n; i++) {
			for (let k = 0; k < arity; k++) {
				const x = sources[3 * k] as Storage;
				values[k] = x[(sources[3 * k + 1] as number) + i * (sources[3 * k + 2] as number)]!;
			}
			const value = f(...values);
			if (checked && value !== (value | 0)) misfit = value;
			out[o + i] = value;
		}
		return misfit;
	};
}
