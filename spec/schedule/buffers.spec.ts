import * as assert from "uvu/assert";
import { ones, type Tensor, tensor, zeros } from "../../lib/index.ts";
import { bytesOf } from "../../lib/schedule/buffers.ts";
import { suite } from "../suite.ts";
import { planned, plannedAt } from "./schedules.ts";

suite("schedule/buffers", (test) => {
	test("what is a result is computed where the result is wanted, in another shape too", () => {
		const { steps, outputs, results } = plannedAt([2, 3], (x) => [
			x.exp(),
			x.cumsum(0).reshape([6]),
		]);
		assert.equal(
			steps.map(({ writes }) => writes[0]!.buffer),
			outputs,
		);
		assert.equal(
			results.map(({ kind }) => kind),
			["output", "output"],
		);
	});

	test("a result that is no whole buffer is copied to one, after all else", () => {
		const { steps, outputs } = plannedAt([2, 3], (x) => x.cumsum(0).T);
		assert.equal(
			steps.map(({ members }) => members.map(({ op }) => op.name)),
			[["cumsum"], []],
		);
		assert.is(steps[0]!.writes[0]!.buffer.use.kind, "scratch");
		assert.is(steps[1]!.writes[0]!.buffer, outputs[0]);
	});

	test("one value that is two results has one buffer", () => {
		const { steps, outputs, results } = plannedAt([3], (x) => {
			const y = x.exp();
			return [y, y];
		});
		assert.is(steps.length, 1);
		assert.is(outputs.length, 1);
		assert.equal(results, [
			{ kind: "output", index: 0 },
			{ kind: "output", index: 0 },
		]);
	});

	test("an argument or a constant that is a result needs no step", () => {
		const { steps, results } = plannedAt([3], (x) => [x, tensor([1, 2])]);
		assert.is(steps.length, 0);
		assert.equal(
			results.map(({ kind }) => kind),
			["argument", "constant"],
		);
	});

	test("what is needed on the way and by no other step has no buffer at all", () => {
		const { steps } = plannedAt([3], (x) => x.exp().neg().add(1));
		assert.equal(
			steps.map(({ writes }) => writes.map(({ buffer }) => buffer.use.kind)),
			[["output"]],
		);
	});

	test("a constant has one buffer, however many steps read it, and one number none", () => {
		const data = tensor([1, 2, 3]);
		const { constants } = plannedAt([3], (x) => [x.mul(data), x.sub(data).cumsum(0), x.add(2)]);
		assert.is(constants.length, 1);
		const use = constants[0]!.use as { readonly tensor: Tensor };
		assert.equal([...use.tensor.data], [1, 2, 3]);
	});

	test("the elements of a broadcast constant are stored once", () => {
		const row = tensor([1, 2, 3]).broadcastTo([100, 3]);
		const { constants, steps } = plannedAt([100, 3], (x) => x.mul(row));
		assert.is(constants[0]!.size, 3);
		assert.equal(steps[0]!.reads.at(-1)!.strides, [0, 1]);
	});

	test("buffers hold the elements of all dtypes, and their bytes are told", () => {
		const { outputs } = planned(
			(x: Tensor) => [x.astype("float32"), x.greater(0), x.astype("int32"), x.exp()],
			zeros([10]),
		);
		assert.equal(outputs.map(bytesOf), [40, 10, 40, 80]);
	});

	test("buffers of arguments and results stand in their order", () => {
		const { inputs, outputs } = planned(
			(x: Tensor, y: Tensor) => [y.exp(), x.exp()],
			ones([2]),
			ones([3]),
		);
		assert.equal(
			inputs.map(({ use }) => use),
			[0, 1].map((index) => ({ kind: "input", index })),
		);
		assert.equal(
			outputs.map(({ use }) => use),
			[0, 1].map((index) => ({ kind: "output", index })),
		);
	});
});
