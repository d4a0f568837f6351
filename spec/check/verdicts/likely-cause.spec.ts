import * as assert from "uvu/assert";
import { type CheckOptions, checkGradients } from "../../../lib/check/gradients.ts";
import { customGradient, random, type Tensor, tensor } from "../../../lib/index.ts";
import { keepWhere } from "../../../lib/ops/masks.ts";
import { suite } from "../../suite.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

/** Asserts that the first finding is a failure with this cause, in both modes. */
function hasCause(f: (x: never) => unknown, x: unknown, cause: string | null): void {
	for (const mode of ["reverse", "forward"] as const) {
		const options = { order: 1, modes: [mode] };
		const [finding] = checkGradients(f as (x: unknown) => unknown, [x], options).findings;
		assert.is(finding?.verdict, "fail");
		assert.is(finding?.cause, cause);
	}
}

/** x² with the gradient g·x·factor. */
const square = (factor: number) =>
	customGradient(
		(x: Tensor) => x.square(),
		(g, _, x) => g.mul(x).mul(factor),
	);

suite("check/verdicts/likely-cause", (test) => {
	test("a wrong sign or factor is named", () => {
		const x = normal(1, [5, 3]);
		hasCause(square(-2), x, "the sign is wrong");
		hasCause(square(1), x, "a factor 2 is missing");
		hasCause(square(4), x, "a factor ½ is missing (or a 2 is too many)");
		hasCause(square(-1), x, "the sign is wrong, and a factor 2 is missing");
		hasCause(square(2 / 7), x, "a constant factor 7 is missing");
	});

	test("a factor that is the size of an axis is traced to it", () => {
		const axis = "the size of axis 0 of args[0]";
		const sum = customGradient(
			(x: Tensor) => x.sum(0),
			(g, _, x) => g.div(5).broadcastTo(x.shape),
		);
		hasCause(sum, normal(1, [5, 3]), `a factor 5 is missing, ${axis}: a mean where a sum belongs`);
		const mean = customGradient(
			(x: Tensor) => x.mean(0),
			(g, _, x) => g.broadcastTo(x.shape),
		);
		hasCause(
			mean,
			normal(1, [5, 3]),
			`a factor 1/5 is missing, ${axis}: a sum where a mean belongs`,
		);
	});

	test("a missing transpose is named, of the gradient, of a factor, of the map", () => {
		const turned = customGradient(
			(x: Tensor) => x.T.mul(1),
			(g) => g,
		);
		const once = "the gradient is transposed: a .T is missing, or one too many";
		hasCause(turned, normal(1, [3, 3]), once);
		const dot = customGradient(
			({ x, w }: { x: Tensor; w: Tensor }) => x.dot(w),
			(g, _, { x, w }) => ({ x: g.dot(w), w: x.T.dot(g) }),
		);
		const factor = "a .T is missing: it is g.dot(args[0].w), and g.dot(args[0].w.T) agrees";
		hasCause(dot, { x: normal(1, [3, 4]), w: normal(2, [4, 4]) }, factor);
		const m = tensor([
			[1, 2],
			[3, 5],
		]);
		const linear = customGradient(
			(x: Tensor) => m.dot(x),
			(g) => m.dot(g),
		);
		hasCause(
			linear,
			normal(1, [2]),
			"the linear map itself is applied where its transpose belongs",
		);
	});

	test("a missing mask, and one too many, are named", () => {
		const relu = customGradient(
			(x: Tensor) => x.relu(),
			(g) => g,
		);
		const missing = "a mask is missing: 2 of 9 elements should be 0, and the others agree";
		hasCause(relu, tensor([1, -2, -3]), missing);
		const cut = customGradient(
			(x: Tensor) => x.mul(3),
			(g, _, x) => keepWhere(g.mul(3), x.sign()),
		);
		const tooMany =
			"a mask too many, or a part of the gradient lost: 1 of 9 elements are 0 and should not be, and the others agree";
		hasCause(cut, tensor([1, 0, 1]), tooMany);
	});

	test("a missing sum over a broadcast axis and a lost use are named", () => {
		const x = normal(1, [4, 2]);
		const bias = customGradient(
			(b: Tensor) => x.add(b),
			(g) => g.take(2, 0),
		);
		const sum =
			"only the part of the cotangent at index 2 of axis 0 arrives: the sum over that axis, along which the argument was broadcast, is missing";
		hasCause(bias, normal(2, [2]), sum);
		const skip = customGradient(
			(v: Tensor) => v.add(v.sin()),
			(g, _, v) => g.mul(v.cos()),
		);
		const use =
			"the cotangent itself is missing from the sum: the gradient of one of the uses of the argument is lost";
		hasCause(skip, normal(1, [3]), use);
	});

	test("a dropped use of a shared weight is named, with the op that used it", () => {
		const shared = customGradient(
			({ x, w }: { x: Tensor; w: Tensor }) => x.dot(w).tanh().dot(w),
			(g, _, { x, w }) => {
				const h = x.dot(w).tanh();
				const gh = g.dot(w.T).mul(h.square().neg().add(1));
				return { x: gh.dot(w.T), w: x.T.dot(gh) };
			},
		);
		const cause =
			"one of the 2 uses of the argument does not contribute, that in dot: their gradients have to be added";
		hasCause(shared, { x: normal(1, [2, 3]), w: normal(2, [3, 3]) }, cause);
	});

	test("a pull that takes one entry of the batch for all is named", () => {
		const w = normal(2, [3, 2]);
		const one = customGradient(
			(x: Tensor) => x.dot(w).sin(),
			(g, _, x) => g.mul(x.dot(w).cos()).dot(w.T).slice([1, 2]).broadcastTo(x.shape),
		);
		const linear = customGradient(
			(x: Tensor) => x.dot(w),
			(g, _, x) => g.slice([1, 2]).dot(w.T).broadcastTo(x.shape),
		);
		const cause =
			"the cotangent at index 1 of axis 0 is used for all indices of that axis, as if it were the same for the whole batch";
		hasCause(linear, normal(1, [4, 3]), cause);
		// The factors of entry 1 are used for all too: it is another mistake, and has no name.
		hasCause(one, normal(1, [4, 3]), null);
	});

	test("a pull that is not linear in its cotangent is named", () => {
		const clipped = customGradient(
			(x: Tensor) => x.sin(),
			(g, _, x) => g.clip(-0.5, 0.5).mul(x.cos()),
		);
		const options: CheckOptions = { order: 1, modes: ["reverse"] };
		const { findings } = checkGradients((x: Tensor) => clipped(x), [normal(1, [4])], options);
		assert.match(findings[0]!.cause!, /^the pull is not linear in its cotangent/);
	});

	test("where no slip fits nothing is guessed", () => {
		hasCause(
			customGradient(
				(x: Tensor) => x.sin(),
				(g, y) => g.mul(y),
			),
			normal(1, [3]),
			null,
		);
		const large = customGradient(
			(x: Tensor) => x.sin(),
			(g, _, x) => g.mul(x.cos()).mul(2),
		);
		hasCause(large, normal(1, [70]), null);
	});

	test("of a factor that is hardly another than 1 nothing is said", () => {
		for (const apart of [1e-6, 1e-8, 1e-10]) {
			const near = customGradient(
				(x: Tensor) => x.sin(),
				(g, _, x) => g.mul(x.cos()).mul(1 + apart),
			);
			hasCause(near, normal(3, [5]), null);
			const report = checkGradients(near, [normal(3, [5])], { order: 1 });
			assert.not.match(String(report), "likely cause");
		}
	});
});
