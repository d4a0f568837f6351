import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { programs } from "../../lib/check/index.ts";
import { type Derivation, derive } from "../../lib/derivation/index.ts";
import { verify } from "../../lib/derivation/verify.ts";
import {
	DerivationError,
	DomainError,
	GradientError,
	random,
	ShapeError,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import { refuses } from "../near.ts";
import { sampled } from "../runs.ts";
import { suite } from "../suite.ts";
import { linesOf } from "./lines.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

const x = normal(1, [6, 5]);
const y = normal(2, [6, 3]);
const params = { w: normal(3, [5, 3]), b: normal(4, [3]) };
type Params = typeof params;

const loss = ({ w, b }: Params, input: Tensor, target: Tensor) =>
	input.dot(w).add(b).as("p").sub(target).square().sum();

/** Forward and backward, as lines. */
const all = ({ forward, backward }: Derivation) => linesOf([...forward, ...backward]);

/**
 * A random program of one scalar result, as a function of one argument with a leaf for each input.
 */
const randomFunctions = programs({ maxOps: 10 }).map((program) => ({
	f: (leaves: readonly Tensor[]) =>
		program
			.run(leaves)
			.map((out, i) =>
				out
					.tanh()
					.mul(i + 1)
					.sum(),
			)
			.reduce((sum, out) => sum.add(out)),
	program,
}));

suite("derivation/derive", (test) => {
	test("names come from keys, from a list of names, or count up", () => {
		const expected = [
			"p = x.dot(w) + b",
			"loss = np.square(p - y).sum()",
			"grad_p = 2.0 * (p - y)",
			"grad_w = x.T.dot(grad_p)",
			"grad_b = grad_p.sum(axis=0)",
		];
		assert.equal(all(derive(loss, { params, x, y })), expected);
		assert.equal(all(derive(loss, [params, x, y], { names: ["params", "x", "y"] })), expected);
		assert.is(all(derive(loss, [params, x, y]))[0], "p = arg2.dot(w) + b");
		assert.is(derive((w: Tensor) => w.square().sum(), { w: x }).backward[0]!.variable, "grad_w");
	});

	test("names are identifiers, and each stands once", () => {
		const args = { net: [tensor([1, 2])], lambda: tensor([3, 4]), "my x": tensor([1, 1]) };
		const f = ([w]: Tensor[], scale: Tensor, input: Tensor) =>
			w!.mul(scale).as("lambda").mul(input).as("loss").mul(w!).sum();
		assert.equal(all(derive(f, args)), [
			"lambda__2 = net_0 * lambda_",
			"loss = lambda__2 * my_x",
			"loss_2 = (loss * net_0).sum()",
			"grad_net_0 = 2.0 * loss",
		]);
	});

	test("a named value whose gradient cancels away has no gradient line", () => {
		const f = (z: Tensor) => z.exp().as("e").log().sum();
		assert.equal(all(derive(f, { z: x })), [
			"e = np.exp(z)",
			"loss = np.log(e).sum()",
			"grad_z = np.full((6, 5), 1.0)",
		]);
	});

	test("what the user named stays as it was written, as the rest of the forward pass does", () => {
		const f = (v: Tensor) => v.mul(1).as("h").square().sum();
		assert.equal(all(derive(f, { v: x })), [
			"h = v * 1",
			"loss = np.square(h).sum()",
			"grad_h = 2.0 * h",
			"grad_v = grad_h",
		]);
	});

	test("the same function gives the same derivation", () => {
		assert.is(String(derive(loss, { params, x, y })), String(derive(loss, { params, x, y })));
	});

	test("axes need no names, and sizes that are written into the function stay sizes", () => {
		const f = (w: Tensor, input: Tensor) => input.dot(w).reshape([18]).square().sum();
		const axes = { w: ["D", "K"], input: ["N", "D"] };
		const shapes = (derivation: Derivation) =>
			derivation.backward.map((line) => line.axes.join("×"));
		assert.equal(shapes(derive(f, { w: params.w, input: x }, { axes })).at(-1), "D×3");
		const g = (w: Tensor, input: Tensor) => input.dot(w).ravel().square().sum();
		const derivation = derive(g, { w: params.w, input: x }, { axes });
		assert.equal(shapes(derivation).at(-1), "D×K");
		assert.ok(derivation.program.instructions.some((step) => derivation.axesOf(step)[0] === "K·N"));
		const guessed = derive(loss, { params, x, y }, { axes: { x: ["N", "D"], y: ["N", "K"] } });
		assert.equal(
			guessed.backward.map((line) => line.axes.join("×")),
			["N×K", "D×K", "K"],
		);
	});

	test("random programs are derived, and every line holds", () => {
		const property = fc.property(randomFunctions, ({ f, program }) => {
			const derivation = derive(f, { x: [...program.args] });
			assert.is(
				derivation.backward.filter((line) => line.gradientOf?.startsWith("x_")).length,
				program.args.length,
			);
			derivation.verify();
		});
		fc.assert(property, { numRuns: sampled(15) });
	});

	test("verify finds a line that is not true, and shows it", () => {
		const derivation = derive(loss, { params, x, y });
		const [first, ...rest] = derivation.backward;
		const withBackward = (backward: typeof derivation.backward) => ({
			...derivation,
			backward,
			blocks: { ...derivation.blocks, backward },
		});
		const wrong = withBackward([{ ...first!, expression: rest[0]!.expression }, ...rest]);
		assert.ok(String(derivation.verify()).startsWith("ok     p "));
		const origin = (derivation as unknown as { origin: Parameters<typeof verify>[1] }).origin;
		const other = withBackward(
			derivation.backward.map((line, i) =>
				i === 2
					? { ...line, expression: { kind: "name", name: "b", value: line.value } as const }
					: line,
			),
		);
		refuses(() => verify(other, origin), GradientError, "WRONG  grad_b");
		assert.throws(() => verify(wrong, origin));
	});

	test("the cost counts operations, bytes, and what is kept for the backward pass", () => {
		const cost = derive(loss, { params, x, y }).cost();
		assert.is(
			String(cost),
			[
				"        FLOPs  bytes",
				"p         198    528  kept for grad_p",
				"loss       54    296",
				"grad_p     36    432",
				"grad_w    180    504",
				"grad_b     18    168",
				"total     486   1928  144 bytes kept",
			].join("\n"),
		);
		assert.is(cost.keptBytes, 6 * 3 * 8);
	});

	test("the difference of two derivations shows what changes in the gradient", () => {
		const mean = (p: Params, input: Tensor, target: Tensor) => loss(p, input, target).div(6);
		const derivation = derive(loss, { params, x, y });
		const diff = derivation.diff(derive(mean, { params, x, y }));
		assert.is(
			String(diff),
			[
				"  # Forward",
				"  p = x.dot(w) + b",
				"- loss = np.square(p - y).sum()",
				"+ loss = np.square(p - y).sum() / 6",
				"",
				"  # Backward",
				"- grad_p = 2.0 * (p - y)",
				"+ grad_p = 2.0 * (p - y) / 6",
				"  grad_w = x.T.dot(grad_p)",
				"  grad_b = grad_p.sum(axis=0)",
			].join("\n"),
		);
		assert.not(diff.isEmpty);
		assert.ok(derivation.diff(derivation).isEmpty);
	});

	test("without simplification the lines are the engine's own", () => {
		const mean = ({ w }: { w: Tensor }) => x.dot(w).as("p").square().sum().mul(0.5);
		const raw = derive(mean, { params: { w: params.w } }, { simplify: false });
		assert.is(linesOf(raw.backward)[0], "grad_p = 0.5 * (2.0 * p)");
		raw.verify();
		const simple = derive(mean, { params: { w: params.w } });
		assert.equal(linesOf(simple.backward), ["grad_p = p", "grad_w = c1.T.dot(p)"]);
		assert.ok(simple.steps.length > 0);
	});

	test("a form that there is not is refused by name", () => {
		const derivation = derive((x: Tensor) => x.square().sum(), [tensor([1])]);
		for (const form of ["typescript", "toString", "__proto__"]) {
			const text = `expected one of the forms numpy, ts, plain, latex, markdown, html, got ${form}`;
			refuses(() => derivation.print(form as "ts"), DerivationError, text);
		}
	});

	test("what cannot be derived is refused, with the way out", () => {
		const promise = async (w: Tensor) => w.sum();
		refuses(() => derive(promise, { w: x }), GradientError, "cannot be async");
		refuses(
			() => derive((w: Tensor) => w, { w: x }),
			GradientError,
			"float scalar result, got float64 (6×5)",
		);
		refuses(() => derive((w: Tensor) => w.argmax(), { w: x }), GradientError, "got int32 ()");
		refuses(() => derive(() => tensor(1), {}), GradientError, "at least one argument");
		const ints = { w: tensor([1, 2], { dtype: "int32" }) };
		refuses(() => derive((w: Tensor) => w.sum(), ints), GradientError, "int32");
		const sum = (w: Tensor) => w.sum();
		refuses(
			() => derive(sum, { w: x }, { axes: { w: ["N"] } }),
			ShapeError,
			"a name for each axis",
		);
		refuses(() => derive(sum, { w: x }, { axes: { w: ["N", "N"] } }), ShapeError, "called N");
		refuses(() => derive(sum, { w: x }, { axes: { v: [] } }), GradientError, "axes names v");
		refuses(() => derive(sum, { w: x }, { distributions: { w: 1 } }), DomainError, "add up to 1");
	});
});
