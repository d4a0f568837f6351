import * as assert from "uvu/assert";
import { type Derivation, type DeriveOptions, derive } from "../../lib/derivation/index.ts";
import { fori, power, scan, sub, type Tensor, tensor, where } from "../../lib/index.ts";
import { suite } from "../suite.ts";
import { hasNumPy, python } from "./python.ts";

type Step = (h: Tensor, t: Tensor) => Tensor;

const W = tensor([
	[0.3, -0.2],
	[0.5, 0.1],
]);
const h = tensor([0.4, -0.7]);

/** A loop over whole numbers. */
function over(from: number, to: number, step: Step): Derivation {
	const f = ({ W }: { W: Tensor }, h: Tensor) =>
		fori(from, to, (x, t) => step(x.dot(W), t), h).sum();
	return derive(f, { params: { W }, h });
}

const float = (t: Tensor) => t.astype("float64");

/** Every line is true in every form. */
function check(derivation: Derivation): void {
	const { notRun } = derivation.verify(hasNumPy() ? { python } : {});
	assert.is(notRun.size, 0);
}

suite("derivation/places-in-loops", (test) => {
	test("the place of a loop is its index in every form", () => {
		const derivation = over(0, 3, (x, t) => x.mul(float(t)).tanh());
		check(derivation);
		assert.match(derivation.print("numpy"), "np.tanh(h_t.dot(W) * t)");
		assert.match(derivation.print("ts"), "h_t.dot(W).mul(tensor(t)).tanh()");
		assert.match(derivation.print("plain"), "[i] * t)");
		// Formulas count from 1.
		assert.match(derivation.print("latex"), "W \\odot (t - 1))");
	});

	test("numbers from elsewhere on are the index and so many more", () => {
		const derivation = over(1, 6, (x, t) => x.div(sub(1, power(0.9, float(t)))).tanh());
		check(derivation);
		assert.match(derivation.print("numpy"), "0.9 ** np.float64(t + 1)");
		assert.match(derivation.print("latex"), "0.9^{t}");
		check(over(-2, 2, (x, t) => where(t.less(0), x, x.sin().mul(float(t.mul(3))))));
	});

	test("a loop in a loop reads the places of both", () => {
		check(
			over(0, 3, (x, t) =>
				fori(
					0,
					2,
					(y, s) =>
						y
							.mul(0.5)
							.add(float(t.mul(2).add(s)))
							.tanh(),
					x,
				),
			),
		);
	});

	test("places are stored and handed on, and read an entry of a tensor", () => {
		const both = ({ W }: { W: Tensor }, h: Tensor) => {
			const step = ({ x, s }: Record<"x" | "s", Tensor>, _: null, t: Tensor) => {
				const next = x.dot(W).mul(float(s)).add(W.take(t, 0));
				return [{ x: next.tanh(), s: t }, float(t)] as const;
			};
			const start = { x: h, s: tensor(1, { dtype: "int32" }) };
			const [{ x }, all] = scan<typeof start, null, Tensor>(step, start, null, { length: 2 });
			return x.sum().mul(all.sum());
		};
		check(derive(both, { params: { W }, h }));
	});

	test("short constants that are read one by one have a name, in loops in loops too", () => {
		const scaled = (W: Tensor, h: Tensor) =>
			scan((x: Tensor, c: Tensor) => [x.dot(W).mul(c).tanh(), x.mul(c)], h, tensor([0.5, 2, 3]));
		const one = ({ W }: { W: Tensor }, h: Tensor) => {
			const [x, all] = scaled(W, h);
			return x.sum().add(all.sum());
		};
		const derivation = derive(one, { params: { W }, h });
		check(derivation);
		assert.match(derivation.print("numpy"), "c1 = np.array([0.5, 2.0, 3.0])");
		assert.match(derivation.print("numpy"), "* c1[t]");
		check(over(0, 2, (x) => scaled(W, x)[0]));
	});

	test("the number of steps may be a size", () => {
		const f = ({ W }: { W: Tensor }, h: Tensor, x: Tensor) => {
			const step = (h: Tensor, row: Tensor, t: Tensor) =>
				[
					h
						.dot(W)
						.add(row.mul(float(t)))
						.tanh(),
					h.mul(float(t)),
				] as const;
			const [last, all] = scan(step, h, x, { reverse: true });
			return last.sum().add(all.sum());
		};
		const x = tensor([
			[0.1, 0.2],
			[0.5, -0.3],
			[0.7, 0.4],
		]);
		const axes: DeriveOptions["axes"] = { W: ["D", "D"], h: ["D"], x: ["T", "D"] };
		const derivation = derive(f, { params: { W }, h, x }, { axes });
		check(derivation);
		assert.match(derivation.print("numpy"), "for t in reversed(range(T)):");
		assert.match(derivation.print("markdown"), "t - 1");
	});
});
