import { div, power, random, type Tensor, tensor } from "../../lib/index.ts";
import type { Case } from "./cases.ts";

type Operands = Readonly<Record<"x" | "y" | "w" | "one" | "few", Tensor>>;

const TOLERANCE = { float32: 2e-6, float64: 1e-14 };

/** Products and quotients with numbers in them, and with what only looks like them. */
const made: Readonly<Record<string, (operands: Operands) => Tensor[]>> = {
	"by one element, by a tensor, times a number": ({ x, y, one }) => [
		x.div(one).div(y).mul(1e-3).add(y),
	],
	"by one element alone": ({ x, one }) => [x.div(one).sqrt()],
	"by two elements, squared": ({ x, one, few }) => [x.div(one).square().div(few).sub(x)],
	"a number by it": ({ x, one }) => [x.mul(3).reciprocal(), div(2, x.mul(one))],
	"numbers alone": ({ one }) => [one.mul(3).div(7).square()],
	"times nothing, and times too much": ({ x, y }) => [
		x.mul(0).mul(3).mul(y),
		x.mul(1e12).mul(1e12).div(y).mul(1e-12).mul(1e-12),
	],
	"by a tiny element, squared": ({ x, y, one }) => {
		const tiny = one.mul(1e-25);
		return [x.mul(tiny).div(tiny).square().mul(y), x.mul(tiny).mul(1e-5).div(tiny).div(tiny)];
	},
	"times a tiny element, by a tiny tensor": ({ x, y, one }) => {
		const tiny = one.mul(1e-25);
		return [x.mul(tiny).div(y.mul(tiny)).mul(2), x.mul(1e-3).mul(tiny).mul(y).div(tiny)];
	},
	"read twice": ({ x, y }) => {
		const twice = x.mul(3).mul(y);
		return [twice.square().mul(0.5), twice.exp()];
	},
	"a product of matrices, and its square": ({ x, y, w }) => {
		const g = x.dot(w);
		return [y.mul(0.9).add(g.mul(0.1)), y.mul(0.999).add(g.square().mul(1e-3))];
	},
	"a product of matrices that is a result": ({ x, w }) => {
		const g = x.dot(w);
		return [g, g.mul(0.1).exp(), g.square().mul(1e-3)];
	},
	"the update of Adam": ({ x, y, w, one }) => {
		const g = x.dot(w);
		const [m, v] = [g.mul(0.1), g.square().mul(1e-3)];
		const size = v.div(power(0.999, one).neg().add(1)).sqrt().add(1e-8);
		return [y.sub(m.div(power(0.9, one).neg().add(1)).div(size).mul(1e-3)), m, v];
	},
};

/** These in both float types. */
export function regroupedCases(): Case[] {
	return (["float32", "float64"] as const).flatMap((dtype) => {
		const drawn = [
			[5, 4],
			[5, 4],
			[4, 4],
		].map((shape, i) => random.uniform(random.key(i), shape, { dtype, low: 0.5, high: 2 }));
		const args = [...drawn, tensor(1.3, { dtype }), tensor([1.7], { dtype })];
		return Object.entries(made).map(([name, f]): Case => {
			const of = ([x, y, w, one, few]: readonly Tensor[]) =>
				f({ x: x!, y: y!, w: w!, one: one!, few: few! });
			return { name: `${dtype}, ${name}`, f: of, args, tolerance: TOLERANCE[dtype] };
		});
	});
}
