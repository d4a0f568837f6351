import { derive } from "../../../lib/derivation/index.ts";
import * as a from "../../../lib/index.ts";
import { gated } from "../gated.ts";

type Tensor = a.Tensor;

const series = (...shape: number[]) => {
	const size = shape.reduce((x, y) => x * y, 1);
	const values = Array.from({ length: size }, (_, i) => Math.sin(1 + 3 * i + shape.length) / 2);
	return a.reshape(a.tensor(values), shape);
};

type Net = Record<"W" | "U" | "b" | "h0", Tensor>;

const step = ({ W, U, b }: Net, h: Tensor, x: Tensor) =>
	x.dot(W).add(h.dot(U)).add(b).as("z").tanh().as("h");

const args = {
	net: { W: series(2, 4), U: series(4, 4), b: series(4), h0: series(3, 4) },
	x: series(5, 3, 2),
};
const axes = {
	...{ W: ["D", "H"], U: ["H", "H"], b: ["H"], h0: ["B", "H"] },
	x: ["T", "B", "D"],
};

/** A recurrent net whose loss reads the last state alone. */
export const lastState = derive(
	(net: Net, x: Tensor, y: Tensor) => {
		const [h] = a.scan((h: Tensor, x: Tensor) => [step(net, h, x), null] as const, net.h0, x);
		return h.sub(y).square().mean();
	},
	{ ...args, y: series(3, 4) },
	{ axes: { ...axes, y: ["B", "H"] } },
);

/** One whose loss reads every state, and that reads what it starts from outside of the loop too. */
export const everyState = derive(
	(net: Net, x: Tensor) => {
		const each = (h: Tensor, x: Tensor) => {
			const next = step(net, h, x);
			return [next, next] as const;
		};
		const [, hs] = a.scan(each, net.h0, x);
		return hs.square().mean().add(net.h0.square().sum());
	},
	args,
	{ axes },
);

/** One with a loop in the step of a loop. */
export const nested = derive(
	({ W }: { W: Tensor }, x: Tensor) => {
		const cell = (g: Tensor, x: Tensor) => [g.mul(W).add(x).tanh().as("g"), null] as const;
		const row = (h: Tensor, row: Tensor) => [a.scan(cell, h, row)[0], null] as const;
		const [h] = a.scan(row, a.zeros([2]), x);
		return h.square().sum();
	},
	{ p: { W: series(2) }, x: series(4, 3, 2) },
	{ axes: { W: ["D"], x: ["T", "S", "D"] } },
);

/** One that hands two values on, one of them as it was given. */
export const exchanged = derive(
	({ u, v, k }: Record<"u" | "v" | "k", Tensor>, x: Tensor) => {
		const each = ({ u, v }: Record<"u" | "v", Tensor>, x: Tensor) =>
			[{ u: v, v: u.mul(k).add(v.mul(x)) }, null] as const;
		const [last] = a.scan(each, { u, v }, x);
		return last.u.mul(last.v).sum();
	},
	{ p: { u: series(3), v: series(3), k: series() }, x: series(5) },
);

/** From the last entry to the first, with a gradient for each entry. */
export const reversed = derive(
	(x: Tensor, h0: Tensor) => {
		const each = (h_t: Tensor, x: Tensor) => {
			const next = h_t.mul(0.9).add(x.sin()).as("h_t");
			return [next, next] as const;
		};
		const [h, hs] = a.scan(each, h0, x, { reverse: true });
		return h.sum().add(hs.square().sum());
	},
	{ x: series(4, 3), h0: series(3) },
);

/** A count of steps, a start that is computed, and a number that every step uses. */
export const power = derive((w: Tensor) => a.fori(0, 5, (c: Tensor) => c.mul(w.cos()), w.add(1)), {
	w: a.tensor(0.3),
});

/** Two loops with shares in one gradient each. */
export const twoLoops = derive(
	({ w, h0 }: Record<"w" | "h0", Tensor>, x: Tensor) => {
		const each = (h: Tensor, x: Tensor) => {
			const next = h.mul(w).add(x).tanh();
			return [next, next] as const;
		};
		const [, hs] = a.scan(each, h0, x);
		const [last] = a.scan(each, h0, hs);
		return last.square().sum();
	},
	{ p: { w: series(3), h0: series(3) }, x: series(4, 3) },
);

/** One whose second state is a line of its step that its first state reads as well. */
export const copied = derive(
	({ h0, k0 }: Record<"h0" | "k0", Tensor>, x: Tensor) => {
		const each = ({ h, k }: Record<"h" | "k", Tensor>, x: Tensor) => {
			const z = x.mul(h).sin().as("z");
			return [{ h: k.mul(z), k: z }, null] as const;
		};
		const [last] = a.scan(each, { h: h0, k: k0 }, x);
		return last.h.sum();
	},
	{ p: { h0: series(3), k0: series(3) }, x: series(5, 3) },
);

/** A choice in a step: it gives what is handed on, and reads what was. */
export const damped = derive(
	({ w, h0 }: Record<"w" | "h0", Tensor>, x: Tensor) => {
		const each = (h: Tensor, x: Tensor) => {
			const open = (h: Tensor) => h.mul(w).add(x).tanh();
			const shut = (h: Tensor) => h.square().mul(w);
			return [a.cond(h.sum().greater(0), open, shut, h), null] as const;
		};
		const [h] = a.scan(each, h0, x);
		return h.sum();
	},
	{ p: { w: series(3), h0: series(3) }, x: series(4, 3) },
	{ axes: { w: ["D"], h0: ["D"], x: ["T", "D"] } },
);

/** A choice outside of loops, by a test. */
export const chosen = derive(
	gated,
	{ w: series(3), x: series(5, 3) },
	{ axes: { x: ["N", "D"], w: ["D"] } },
);

/** One by an index, with a loop in a branch, and a choice in another. */
export const several = derive(
	(w: Tensor, k: Tensor) => {
		const twice = (w: Tensor) => w.mul(2);
		const both = (w: Tensor) => a.cond(w.max().greater(0), (w) => w.exp().as("e").mul(w), twice, w);
		const sines = (w: Tensor) => a.fori(0, 3, (c: Tensor) => c.sin(), w);
		return a.switchCase(k, [twice, both, sines], w).sum();
	},
	{ w: series(3), k: a.tensor(1, { dtype: "int32" }) },
);

/** Those with choices. */
export const branching = { damped, chosen, several };

/** All of them. */
export const recurrent = {
	...{ copied, lastState, everyState, nested, exchanged, reversed, power, twoLoops },
	...branching,
};
