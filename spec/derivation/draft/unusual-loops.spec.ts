import * as assert from "uvu/assert";
import { derive } from "../../../lib/derivation/index.ts";
import {
	checkpoint,
	customGradient,
	fori,
	ones,
	scan,
	sum,
	type Tensor,
	tensor,
} from "../../../lib/index.ts";
import { suite } from "../../suite.ts";

/** So many steps with a carry of each shape and a result of each shape. */
function loopOf(length: number, carries: readonly number[][], results: readonly number[][]) {
	const inShape = (x: Tensor, shape: readonly number[]) => sum(x).mul(ones(shape)).sin();
	return ({ x }: { x: Tensor }) => {
		const step = (c: readonly Tensor[]) => {
			const next = c.map((h, i) => h.add(inShape(x, carries[i]!)));
			return [next, results.map((shape) => inShape(c[0] ?? x, shape))] as const;
		};
		const start = carries.map((shape) => inShape(x, shape));
		const [last, ys] = scan<readonly Tensor[], null, readonly Tensor[]>(step, start, null, {
			length,
		});
		const all = [...last, ...ys].map((y, i) =>
			y
				.sin()
				.sum()
				.mul(i + 1),
		);
		return all.reduce((total, y) => total.add(y));
	};
}

suite("derivation/draft/unusual-loops", (test) => {
	test("results without elements, and loops without steps, are taken apart", () => {
		const all: [length: number, carries: number[][], results: number[][]][] = [
			[0, [[2], [0]], []],
			[0, [[2], [2]], [[2]]],
			[1, [], [[0]]],
			[1, [], [[2], [0]]],
			[2, [], [[0, 3], [0]]],
			[2, [[2], [0]], [[0], [2]]],
		];
		for (const [length, carries, results] of all) {
			const x = tensor([0.3, 0.4]);
			const derivation = derive(loopOf(length, carries, results), { p: { x } });
			const told = `${length} steps, ${JSON.stringify([carries, results])}`;
			assert.is(derivation.verify().notRun.size, 0, told);
			for (const form of ["numpy", "latex"] as const) {
				assert.not.match(derivation.print(form), /undefined|scan/, told);
			}
		}
	});

	test("equal loops are one, as their gradient is", () => {
		const f = ({ x }: { x: Tensor }) => {
			const all = () => scan(() => [null, x.sin().tanh()] as const, null, null, { length: 2 })[1];
			return all().square().sum().add(all().sin().sum().mul(2));
		};
		const derivation = derive(f, { p: { x: tensor([0.3, 0.4]) } });
		derivation.verify();
		assert.is(derivation.print("ts").split("for (").length, 3);
	});

	test("a loop in checkpoint is the loop itself; one of a gradient that is given has lines where it runs", () => {
		const twist = (z: Tensor) => fori(0, 3, (h: Tensor) => h.mul(z).sin(), z).sum();
		const given = customGradient(twist, (g: Tensor, _, z: Tensor) =>
			g.mul(fori(0, 2, (h: Tensor) => h.mul(z).cos(), z)),
		);
		for (const [f, loops] of [
			[checkpoint(twist), 2],
			[given, 2],
		] as const) {
			const derivation = derive(({ x }: { x: Tensor }) => f(x), { p: { x: tensor([0.3, 0.4]) } });
			assert.is(derivation.verify().notRun.size, 0);
			for (const form of ["numpy", "latex", "markdown", "html"] as const) derivation.print(form);
			assert.is(derivation.print("ts").split("for (").length - 1, loops);
		}
	});
});
