import type { Tensor, TensorLike } from "../../../lib/index.ts";
import * as a from "../../../lib/index.ts";

/** Several tensors. */
export type List = readonly Tensor[];

/** How examples lie in arguments and results, by `vmap`. */
export interface BatchOptions {
	readonly in: readonly (number | null)[];
	readonly out: readonly (number | null)[];
}

/** What runs loops, branches and batches, for functions of lists. */
export interface Control {
	scan(
		step: (carry: List, x: List, t: Tensor) => [carry: List, y: List],
		carry: List,
		xs: List,
		options: a.LoopOptions & { readonly length: number },
	): [carry: List, ys: List];
	fori(
		from: number,
		to: number,
		step: (carry: List, i: Tensor) => List,
		carry: List,
		options: a.CheckpointOptions,
	): List;
	whileLoop(
		test: (carry: List) => Tensor,
		step: (carry: List) => List,
		carry: List,
		options: { readonly max: number },
	): List;
	cond(test: TensorLike, yes: (x: List) => List, no: (x: List) => List, x: List): List;
	switchCase(index: TensorLike, branches: readonly ((x: List) => List)[], x: List): List;
	vmap(f: (x: List) => List, options: BatchOptions): (x: List) => List;
	/** What is differentiated comes first. */
	checkpoint(f: (x: List, rest: List) => List): (x: List, rest: List) => List;
}

/** Ours. */
export const ours: Control = {
	scan: a.scan,
	fori: a.fori,
	whileLoop: a.whileLoop,
	cond: a.cond,
	switchCase: a.switchCase,
	vmap: (f, options) => a.vmap(f, { in: [options.in], out: options.out }),
	checkpoint: a.checkpoint,
};

const place = (t: number) => a.tensor(t, { dtype: "int32" });

/** The same in plain JavaScript: a step after the other, and an example after the other. */
export const written: Control = {
	scan(step, start, xs, { length, reverse }) {
		let carry = start;
		const results: List[] = [];
		for (let i = 0; i < length; i++) {
			const t = reverse ? length - 1 - i : i;
			[carry, results[t]] = step(
				carry,
				xs.map((x) => x.slice(t)),
				place(t),
			);
		}
		if (length > 0) return [carry, sideBySide(results, () => 0)];
		const entries = xs.map((x) => a.zeros(x.shape.slice(1), { dtype: x.dtype }));
		const ys = step(carry, entries, place(0))[1];
		return [carry, ys.map((y) => a.zeros([0, ...y.shape], { dtype: y.dtype }))];
	},
	fori(from, to, step, start) {
		let carry = start;
		for (let i = from; i < to; i++) carry = step(carry, place(i));
		return carry;
	},
	whileLoop(test, step, start, { max }) {
		let carry = start;
		for (let i = 0; i < max && test(carry).item() !== 0; i++) carry = step(carry);
		return carry;
	},
	cond: (test, yes, no, x) => ((test as Tensor).item() !== 0 ? yes(x) : no(x)),
	switchCase: (index, branches, x) => branches[(index as Tensor).item()]!(x),
	vmap: (f, options) => (args) => {
		const axis = (i: number) => options.in[i]!;
		const example = (i: number) =>
			args.map((x, k) => (axis(k) === null ? x : a.moveAxis(x, axis(k)!, 0).slice(i)));
		const first = options.in.findIndex((at) => at !== null);
		const size = args[first]!.shape.at(axis(first))!;
		if (size > 0) {
			const results = Array.from({ length: size }, (_, i) => f(example(i)));
			return sideBySide(results, (i) => options.out[i]!);
		}
		const empty = args.map((x, k) => {
			if (axis(k) === null) return x;
			return a.zeros(a.moveAxis(x, axis(k)!, 0).shape.slice(1), { dtype: x.dtype });
		});
		return f(empty).map((y, i) => {
			const at = options.out[i]!;
			if (at === null) return y;
			return a.moveAxis(a.zeros([0, ...y.shape], { dtype: y.dtype }), 0, at);
		});
	},
	checkpoint: (f) => f,
};

/** The results of several runs as one of each; null for what is the same in all. */
function sideBySide(results: readonly List[], axis: (i: number) => number | null): Tensor[] {
	return results[0]!.map((first, i) => {
		const at = axis(i);
		if (at === null) return first;
		return a.stack(
			results.map((list) => list[i]!),
			at,
		);
	});
}
