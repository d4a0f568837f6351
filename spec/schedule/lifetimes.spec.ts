import * as assert from "uvu/assert";
import { rowMajorStrides } from "../../lib/core/shape.ts";
import type { DType } from "../../lib/index.ts";
import type { Buffer, BufferView } from "../../lib/schedule/buffers.ts";
import type { Kernel } from "../../lib/schedule/kernel.ts";
import { lifetimesOf } from "../../lib/schedule/lifetimes.ts";
import type { Step } from "../../lib/schedule/step.ts";
import { suite } from "../suite.ts";

const scratch = (size = 6, dtype: DType = "float64"): Buffer => {
	return { dtype, size, use: { kind: "scratch" } };
};
const input: Buffer = { ...scratch(), use: { kind: "input", index: 0 } };
const at = (buffer: Buffer, layout: Partial<BufferView> = {}): BufferView => {
	const shape = [2, buffer.size / 2];
	return { buffer, shape, strides: rowMajorStrides(shape), offset: 0, ...layout };
};
const loop: Kernel = { kind: "loop", loop: { shape: [2, 3], inputs: [], outputs: [] } };
const scan = { kind: "scan" } as Kernel;

const step = (
	reads: (Buffer | BufferView)[],
	writes: (Buffer | BufferView)[],
	kernel: Kernel = loop,
): Step => {
	const views = (given: (Buffer | BufferView)[]) =>
		given.map((one) => ("buffer" in one ? one : at(one)));
	return { kernel, reads: views(reads), writes: views(writes), members: [] };
};

/** Which buffers share a place, and when it is needed. */
const times = (steps: readonly Step[]) =>
	lifetimesOf(steps).map(({ buffers, from, to }) => [buffers.length, from, to]);

suite("schedule/lifetimes", (test) => {
	test("a buffer is needed from its first store to its last reading", () => {
		const [a, b] = [scratch(), scratch()];
		const steps = [step([input], [a]), step([a], [b], scan), step([a, b], []), step([b], [])];
		assert.equal(times(steps), [
			[1, 0, 2],
			[1, 1, 3],
		]);
	});

	test("inputs, results and constants have no lifetime", () => {
		const out: Buffer = { ...scratch(), use: { kind: "output", index: 0 } };
		assert.equal(times([step([input], [out])]), []);
	});

	test("several steps may write parts of one buffer", () => {
		const whole = scratch(12);
		const part = (offset: number) => at(whole, { shape: [2, 3], strides: [3, 1], offset });
		const steps = [step([input], [part(0)]), step([input], [part(6)]), step([whole], [])];
		assert.equal(times(steps), [[1, 0, 2]]);
		assert.equal(times(steps.slice(0, 2)), [[1, 0, 1]]);
	});

	test("a buffer that nobody reads is needed while it is stored", () => {
		assert.equal(times([step([input], [scratch()]), step([input], [])]), [[1, 0, 0]]);
	});

	test("a loop stores where it reads for the last time, and so do the loops after it", () => {
		const [a, b, c] = [scratch(), scratch(), scratch()];
		const steps = [step([input], [a]), step([a], [b]), step([b], [c]), step([c], [])];
		assert.equal(times(steps), [[3, 0, 3]]);
	});

	test("but not where it is read later, where elements are others' in size or place, or in another kernel", () => {
		const a = scratch();
		const apart = (second: Step, ...rest: Step[]) => {
			assert.is(times([step([input], [a]), second, ...rest]).length, 2);
		};
		apart(step([a], [scratch()]), step([a], []));
		apart(step([a], [scratch(6, "float32")]));
		apart(step([a], [at(scratch(12, "float32"), { shape: [2, 3], strides: [3, 1] })]));
		apart(step([at(a, { strides: [1, 2] })], [scratch()]));
		apart(step([at(a, { offset: 3 })], [scratch()]));
		apart(step([a, at(a, { strides: [-3, 1], offset: 3 })], [scratch()]));
		apart(step([a], [scratch()], scan));
	});

	test("of two results one takes the place of an input, the other has its own", () => {
		const [a, b, c] = [scratch(), scratch(), scratch()];
		const steps = [step([input], [a]), step([a, a], [b, c]), step([b, c], [])];
		assert.equal(times(steps), [
			[2, 0, 2],
			[1, 1, 2],
		]);
	});

	test("an argument's place is not taken, since a caller may hold it", () => {
		const [a, b] = [scratch(), scratch()];
		assert.equal(times([step([input], [a]), step([input, a], [b]), step([b], [])]), [[2, 0, 2]]);
	});
});
