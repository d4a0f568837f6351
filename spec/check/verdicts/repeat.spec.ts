import * as assert from "uvu/assert";
import {
	assertGradients,
	type CheckOptions,
	checkGradients,
} from "../../../lib/check/gradients.ts";
import { customGradient, GradientError, random, type Tensor } from "../../../lib/index.ts";
import { another } from "../../another.ts";
import { refuses } from "../../near.ts";
import { suite } from "../../suite.ts";

const x = random.normal(random.key(4), [5]);
const first: CheckOptions = { order: 1 };

/** A factor that each call draws anew, counted rather than random so that the spec is not. */
const drawn = (of: readonly number[]) => {
	let calls = 0;
	return () => of[calls++ % of.length]!;
};
const sine = (factor: () => number) =>
	customGradient(
		(v: Tensor) => v.sin(),
		(g, _, v) => g.mul(v.cos()).mul(factor()),
	);
const dropout = (v: Tensor, key: number) =>
	v.mul(random.bernoulli(random.key(key), 0.5, v.shape).astype("float64").mul(2));

/** Asserts that nothing but `not-deterministic` is found, for `what`. */
function varies(f: (v: Tensor) => Tensor, what: string, options = first): void {
	const { ok, findings } = checkGradients(f, [x], options);
	assert.is(ok, false);
	assert.equal([...new Set(findings.map(({ verdict }) => verdict))], ["not-deterministic"]);
	assert.is(findings[0]!.mode, what);
	assert.is.not(findings[0]!.given, findings[0]!.again);
}

suite("check/verdicts/repeat", (test) => {
	test("a function that draws anew at each call is not deterministic", () => {
		let key = 0;
		varies((v) => dropout(v, key++), "value");
		varies((v) => v.sin().mul(1 + 1e-3 * another()), "value");
		varies((v) => v.sin().mul(1 + 1e-13 * another()), "value");
		const sign = drawn([1, -1]);
		varies((v) => v.sin().mul(sign()), "value", { order: 1, modes: ["forward"] });
	});

	test("a gradient that draws anew at each call is not deterministic, in both modes", () => {
		let key = 0;
		const redrawn = customGradient(
			(v: Tensor) => dropout(v, 0),
			(g) => dropout(g, key++),
		);
		for (const mode of ["reverse", "forward"] as const) {
			const options: CheckOptions = { order: 1, modes: [mode] };
			varies(redrawn, mode, options);
			// Three, since forward mode runs it twice for a derivative.
			varies(sine(drawn([1, -1, 3])), mode, options);
			varies(sine(drawn([-3, 8, 8, -3, -3])), mode, options);
			varies(
				sine(() => 2 * another()),
				mode,
				options,
			);
			varies(
				sine(() => 1 + 1e-3 * another()),
				mode,
				options,
			);
		}
	});

	test("a gradient at what another call left behind is not deterministic", () => {
		let last = x;
		const stale = customGradient(
			(v: Tensor) => {
				last = v;
				return v.sin();
			},
			(g) => g.mul(last.cos()),
		);
		varies(stale, "reverse");
	});

	test("a second derivative that draws anew is found at order 2, and nothing is said of order 3", () => {
		const cosine = customGradient(
			({ g, v }: { g: Tensor; v: Tensor }) => g.mul(v.cos()),
			(h, _, { g, v }) => ({
				g: h.mul(v.cos()),
				v: h
					.mul(g)
					.mul(v.sin())
					.mul(-1 - another()),
			}),
		);
		const twice = customGradient(
			(v: Tensor) => v.sin(),
			(g, _, v) => cosine({ g, v }),
		);
		assertGradients(twice, [x], first);
		const { findings } = checkGradients(twice, [x], { order: 3 });
		assert.equal([...new Set(findings.map(({ order }) => order))], [2]);
		assert.is(findings[0]!.verdict, "not-deterministic");
	});

	test("what is random in all calls alike, by a fixed key, passes", () => {
		assertGradients((v: Tensor) => dropout(v, 7), [x]);
	});

	test("NaN is like NaN, and the error says by how much and what to do", () => {
		const undefinedThere = checkGradients((v: Tensor) => v.neg().abs().neg().log(), [x], first);
		assert.is(undefinedThere.counts["not-deterministic"], 0);
		const wrong = () => assertGradients(sine(drawn([1, 1, 2])), [x], first);
		refuses(wrong, GradientError, "not-deterministic: d result · weights / d args[0]");
		refuses(wrong, GradientError, "at the same point again");
		refuses(wrong, GradientError, "pass what is random in as an argument");
	});
});
