import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { assertGradients } from "../../lib/check/gradients.ts";
import { drawFrom, numbersFrom } from "../../lib/check/sampling.ts";
import { compile } from "../../lib/compile/index.ts";
import {
	at,
	DomainError,
	DTypeError,
	grad,
	ShapeError,
	stack,
	Tensor,
	type TensorIndex,
	tensor,
	vmap,
} from "../../lib/index.ts";
import { fault, GIVEN } from "../bad-calls.ts";
import { near, refuses, same } from "../near.ts";
import { sampled } from "../runs.ts";
import { suite } from "../suite.ts";
import { drawIndexList, positionsOf } from "./index-lists.ts";

const ints = (x: number | number[] | number[][]) => tensor(x, { dtype: "int32" });
const m = tensor([
	[1, 2, 3],
	[4, 5, 6],
]);

const RUNS = sampled(1200);
const updates = {
	set: (_: number, v: number) => v,
	add: (x: number, v: number) => x + v,
	mul: (x: number, v: number) => x * v,
	max: Math.max,
	min: Math.min,
} as const;
const kinds = Object.keys(updates) as (keyof typeof updates)[];

/** Runs a check on lists of indices that fit together. */
function forLists(
	check: (x: Tensor, indices: readonly TensorIndex[], draw: ReturnType<typeof drawFrom>) => void,
	numRuns = RUNS,
): void {
	fc.assert(
		fc.property(fc.nat(), (seed) => {
			const draw = drawFrom(numbersFrom(seed));
			const { shape, indices } = drawIndexList(draw);
			check(draw.tensor(shape), indices, draw);
		}),
		{ numRuns },
	);
}

suite("ops/at", (test) => {
	test("numbers, ranges, tensors and masks take in one call what NumPy takes", () => {
		same(at(m, 1).get(), [4, 5, 6]);
		same(at(m, -1, [null, null, -1]).get(), [6, 5, 4]);
		same(at(m, null, ints([2, 0, -1])).get(), [
			[3, 1, 3],
			[6, 4, 6],
		]);
		same(at(m, ints([[1], [0]]), ints([0, 2])).get(), [
			[4, 6],
			[1, 3],
		]);
		same(at(m, m.greater(2)).get(), [3, 4, 5, 6]);
		same(at(m, "newAxis", "...", 0).get(), [[1, 4]]);
		same(at(m, 0, tensor([true, false, true])).get(), [1, 3]);
		same(at(m).get(), m);
	});

	test("any list of indices takes the elements that NumPy's rules say, one by one", () => {
		forLists((x, indices) => {
			const { shape, positions } = positionsOf(x.shape, indices);
			const part = at(x, ...indices).get();
			assert.equal(part.shape, shape);
			const { data } = x;
			assert.equal(
				[...part.data],
				positions.map((position) => data[position]!),
			);
		});
	});

	test("any update is that of one element after the other, in order", () => {
		forLists((x, indices, draw) => {
			const { shape, positions } = positionsOf(x.shape, indices);
			const v = draw.tensor(shape.slice(draw.integer(0, shape.length)));
			const all = v.broadcastTo(shape).data;
			for (const kind of kinds) {
				const expected = [...x.data];
				for (const [i, position] of positions.entries()) {
					expected[position] = updates[kind](expected[position]!, all[i]!);
				}
				const made = at(x, ...indices)[kind](v);
				assert.equal(made.shape, x.shape);
				near([...made.data], expected);
			}
		});
	});

	test("all of it has exact gradients to second order in both modes", () => {
		forLists((x, indices, draw) => {
			const v = draw.distinct(positionsOf(x.shape, indices).shape).add(1 / 16);
			const weight = draw.distinct(x.shape).add(1 / 16);
			// What is compared is far enough from a tie.
			const apart = draw.distinct(x.shape).mul(2);
			const taken = ([a]: readonly Tensor[]) =>
				at(a!.mul(a!), ...indices)
					.get()
					.square()
					.sum();
			assertGradients(taken, [[apart.add(8)]], { order: 2, elements: 8, directions: 2 });
			for (const kind of kinds) {
				const f = ([a, b]: readonly Tensor[]) =>
					at(a!.mul(a!), ...indices)
						[kind](b!.mul(b!))
						.mul(weight)
						.sum();
				assertGradients(f, [[apart.add(8), v.add(9)]], { order: 2, elements: 8, directions: 2 });
			}
		}, sampled(48));
	});

	test("compiled and in batches it gives the same, with indices that are known and that are not", () => {
		forLists((x, indices, draw) => {
			if (
				indices.some(
					(index) =>
						typeof index === "object" &&
						index !== null &&
						"dtype" in index &&
						index.dtype === "bool",
				)
			)
				return;
			const tensors = indices.filter((index) => index instanceof Tensor);
			const v = draw.distinct(positionsOf(x.shape, indices).shape);
			const given = (list: readonly Tensor[]) => {
				const rest = [...list];
				return indices.map((index) => (index instanceof Tensor ? rest.shift()! : index));
			};
			for (const kind of kinds) {
				const expected = at(x, ...indices)[kind](v);
				const f = (a: Tensor, b: Tensor, list: readonly Tensor[]) => at(a, ...given(list))[kind](b);
				same(compile(f)(x, v, tensors), expected);
				same(compile((a: Tensor, b: Tensor) => at(a, ...indices)[kind](b))(x, v), expected);
				const twice = (one: Tensor) => stack([one, one.neg()]);
				const known = vmap((a: Tensor, b: Tensor) => at(a, ...indices)[kind](b))(
					twice(x),
					twice(v),
				);
				const lists = tensors.map((one) => stack([one, one]));
				same(vmap(f)(twice(x), twice(v), lists), known);
				same(known.slice(1), at(x.neg(), ...indices)[kind](v.neg()));
			}
		}, sampled(72));
	});

	test("x stays as it is, and what is not at the indices stays to the bit", () => {
		const x = tensor([-0, Number.NaN, Number.POSITIVE_INFINITY, 4]);
		for (const kind of kinds) {
			const made = at(x, 3)[kind](2);
			assert.ok(Object.is(made.data[0], -0));
			same(made.slice([1, 3]), [Number.NaN, Number.POSITIVE_INFINITY]);
		}
		same(x.slice(3), 4);
	});

	test("where indices are repeated, the last one is set and takes the gradient", () => {
		const [x, v] = [tensor([1, 2, 3]), tensor([10, 20, 30])];
		const f = (a: Tensor, b: Tensor) =>
			at(a, ints([0, 2, 0]))
				.set(b)
				.mul(tensor([1, 10, 100]))
				.sum();
		same(at(x, ints([0, 2, 0])).set(v), [30, 2, 20]);
		same(grad((a: Tensor) => f(a, v))(x), [0, 10, 0]);
		same(grad((b: Tensor) => f(x, b))(v), [0, 100, 1]);
	});

	test("at a tie the greatest is x itself, then the first update; a NaN shows", () => {
		const [x, v] = [tensor([5, 1, 0]), tensor([5, 7, 7, Number.NaN])];
		const f = (a: Tensor, b: Tensor) => at(a, ints([0, 1, 1, 2])).max(b);
		same(f(x, v), [5, 7, Number.NaN]);
		same(grad((a: Tensor) => f(a, v).sum())(x), [1, 0, Number.NaN]);
		same(grad((b: Tensor) => f(x, b).sum())(v), [0, 1, 0, Number.NaN]);
	});

	test("nothing of what is replaced shows in a gradient, though it is infinite there", () => {
		const x = tensor([0, 4]);
		for (const index of [0, ints([0]), tensor([true, false])]) {
			same(grad((a: Tensor) => at(a.sqrt(), index).set(1).sum())(x), [0, 0.25]);
			same(grad((a: Tensor) => at(a.sqrt(), index).get().sum())(tensor([4, 0])), [0.25, 0]);
		}
		const untouched = tensor([Number.NaN, 4]);
		same(
			grad((a: Tensor) =>
				at(a, ints([1]))
					.max(5)
					.sum(),
			)(untouched),
			[1, 0],
		);
	});

	test("the product of repeated factors is exact where they are 0", () => {
		const f = (b: Tensor) =>
			at(tensor([2, 3]), ints([0, 0, 0]))
				.mul(b)
				.sum();
		const v = tensor([0, 5, 7]);
		same(f(v), 3);
		same(grad(f)(v), [70, 0, 0]);
		same(
			grad((b: Tensor) =>
				grad(f)(b)
					.mul(tensor([0, 1, 0]))
					.sum(),
			)(v),
			[14, 0, 0],
		);
	});

	test("int32 and bool work too, and dtypes meet", () => {
		same(at(ints([1, 2, 3]), ints([0, 0])).add(ints([5, 6])), [12, 2, 3]);
		assert.is(at(ints([1, 2]), 0).set(7).dtype, "int32");
		assert.is(at(tensor([true, false]), 1).set(true).dtype, "bool");
		assert.is(at(ints([1, 2]), 0).set(tensor(1.5)).dtype, "float64");
		assert.is(at(ints([1, 2])).set(tensor(1.5)).dtype, "float64");
		assert.is(at(tensor([1, 2], { dtype: "float32" }), ints(0)).mul(2).dtype, "float32");
		refuses(() => at(ints([1, 2]), 0).set(1.5), DTypeError, "at: ");
		refuses(() => at(ints([2 ** 30, 2]), 0).mul(2), DTypeError, "at: ");
		same(at(ints([2 ** 30, 2]), tensor([false, true])).mul(4), [2 ** 30, 8]);
		refuses(() => at(tensor([1, 2], { dtype: "float32" }), 0).set(tensor(1)), DTypeError, "at: ");
	});

	test("whatever is put into a part, and is no tensor that fits, is refused by name", () => {
		const lists: TensorIndex[][] = [[], [0], [[0, 1]], [ints([1, 1])], [tensor([true, false])]];
		for (const indices of lists) {
			for (const x of [m, m.astype("int32"), m.astype("bool"), m.astype("float32")]) {
				const part = (kind: "get" | (typeof kinds)[number]) => (v: unknown) =>
					at(x, ...indices)[kind](v as never);
				const calls = (["get", ...kinds] as const).flatMap((kind) =>
					GIVEN.map((v) => fault("at", part(kind), [v])),
				);
				assert.equal(
					calls.filter((wrong) => wrong !== null),
					[],
				);
			}
		}
	});

	test("what does not fit is refused by name, with the shape and the index", () => {
		refuses(() => at(m, 2), ShapeError, "at: index 2 is out of range for axis 0 of size 2");
		refuses(
			() => at(m, null, ints([0, 3])),
			DomainError,
			"at: index 3 is out of range for axis 1 of size 3",
		);
		refuses(
			() => at(m, 0, 0, 0),
			ShapeError,
			"at: expected indices of at most 2 axes for shape (2×3)",
		);
		refuses(() => at(m, "...", "..."), ShapeError, 'at: expected "..." at most once');
		refuses(() => at(m, tensor([true])), ShapeError, "at: expected a mask");
		refuses(() => at(m, tensor(true)), ShapeError, "at: expected a mask");
		refuses(() => at(m, tensor([0])), DTypeError, '.astype("int32")');
		refuses(() => at(m, [0, 1, 1, 0] as never), ShapeError, "many indices are a tensor of int32");
		refuses(() => at(m, "all" as never), ShapeError, "at: expected a number");
		refuses(() => at(m, ints([0, 1]), ints([0, 1, 2])).get(), ShapeError, "at: ");
		refuses(() => at(m, 0).set(tensor([1, 2])), ShapeError, "at: ");
		refuses(() => at(m, ints([0])).set(tensor([1, 2])), ShapeError, "at: ");
		const rows = tensor([true, false]);
		refuses(() => at(m, rows, null, "newAxis").set(tensor([1, 2, 3])), ShapeError, "at: ");
	});
});
