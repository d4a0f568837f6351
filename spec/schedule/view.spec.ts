import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { Tensor as TensorOf } from "../../lib/core/tensor.ts";
import { arange, broadcastTo, ones, type Tensor, tensor } from "../../lib/index.ts";
import { constantOf } from "../../lib/program/program.ts";
import { isDirect, isWhole, itself, onlyNumber, viewsOf } from "../../lib/schedule/view.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";
import { programOf } from "./schedules.ts";

/** How the results of a function of one tensor show what they are views of. */
function shown(shape: number[], f: (x: Tensor) => Tensor | Tensor[]) {
	const program = programOf(f, ones(shape));
	const viewOf = viewsOf(program);
	return program.outputs.map((output) => {
		const view = viewOf(output);
		return { ...view, ofArgument: view.base === program.inputs[0] };
	});
}

/** Ops that strides may show, on a tensor of three axes. */
const moves: readonly ((x: Tensor) => Tensor)[] = [
	(x) => x.permute([2, 0, 1]),
	(x) => x.flip(1),
	(x) => x.slice([1, null]),
	(x) => x.slice(null, [null, null, 2]),
	(x) => x.slice(null, null, [null, null, -1]),
	(x) => x.slice([0, 1]).broadcastTo([2, ...x.shape.slice(1)]),
];

suite("schedule/view", (test) => {
	test("transposes, slices, diagonals and windows are views of the argument", () => {
		const views = shown([4, 4], (x) => [
			x.T,
			x.slice([1, 3], [0, null, 2]),
			x.diagonal(),
			x.expandDims(1),
		]);
		assert.ok(views.every(({ ofArgument }) => ofArgument));
		assert.equal(
			views.map(({ shape, strides, offset }) => [shape, strides, offset]),
			[
				[[4, 4], [1, 4], 0],
				[[2, 2], [4, 2], 4],
				[[4], [5], 0],
				[[4, 1, 4], [4, 4, 1], 0],
			],
		);
	});

	test("what goes backwards has negative strides, from its first element on", () => {
		const [view] = shown([2, 3], (x) => x.flip(1));
		assert.equal([view!.strides, view!.offset], [[3, -1], 2]);
	});

	test("a view of a view is one of the first, and a view of what is computed one of that", () => {
		const [first, second] = shown([3, 4], (x) => [x.T.slice([1, 3]).flip(0), x.exp().T]);
		assert.ok(first!.ofArgument);
		assert.equal([first!.strides, first!.offset], [[-1, 4], 2]);
		assert.is(second!.base.kind, "instruction");
		assert.equal(second!.strides, [1, 4]);
	});

	test("a reshape that strides cannot show is computed; one that they can is not", () => {
		const [copied, viewed] = shown([3, 4], (x) => [x.T.reshape([12]), x.reshape([2, 6])]);
		assert.not(copied!.ofArgument);
		assert.equal(copied!.strides, [1]);
		assert.ok(viewed!.ofArgument);
	});

	test("read through a view, the argument gives what the ops give", () => {
		fc.assert(
			fc.property(fc.array(fc.nat(moves.length - 1), { maxLength: 6 }), (chosen) => {
				const f = (x: Tensor) => chosen.reduce((y, i) => (y.size === 0 ? y : moves[i]!(y)), x);
				const x = arange(2 * 3 * 4).reshape([2, 3, 4]);
				const program = programOf(f, x);
				const { base, shape, strides, offset } = viewsOf(program)(program.outputs[0]!);
				assert.is(base, program.inputs[0]);
				same(new TensorOf(x.storage, x.dtype, shape, strides, offset), f(x));
			}),
		);
	});

	test("the elements of a constant are stored once where they repeat", () => {
		const repeated = itself(constantOf(broadcastTo(tensor([[1], [2]]), [2, 5])));
		assert.equal(
			[repeated.shape, repeated.strides],
			[
				[2, 5],
				[1, 0],
			],
		);
		assert.is(onlyNumber(repeated), null);
		assert.is(onlyNumber(itself(constantOf(tensor([-0, -0])))), null);
		assert.is(onlyNumber(itself(constantOf(broadcastTo(tensor(-0), [2, 5])))), -0);
	});

	test("a view of all elements in order is whole, and direct if the shape is the same", () => {
		const views = shown([3, 4], (x) => [x, x.reshape([12]), x.slice([0, 2]), x.T]);
		assert.equal(views.map(isWhole), [true, true, false, false]);
		assert.equal(views.map(isDirect), [true, false, false, false]);
	});
});
