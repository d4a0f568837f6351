import * as assert from "uvu/assert";
import { records } from "../../lib/check/records.ts";
import { ARRAYS, type DType, type TypedArray } from "../../lib/core/dtype.ts";
import type { Op } from "../../lib/core/op.ts";
import { Tensor } from "../../lib/core/tensor.ts";
import { termEvaluator } from "../../lib/scalar/numbers.ts";
import { inOrder } from "../../lib/scalar/scalar.ts";
import type { Expression } from "../../lib/schedule/expression.ts";
import type { KernelOf } from "../../lib/schedule/kernel.ts";
import { suite } from "../suite.ts";
import { inJavaScript, onDevice } from "./run-kernel.ts";
import { distanceFor, sampleFloats, word } from "./ulp.ts";

const SIZE = 20_000;

interface Entry {
	readonly op: Op;
	readonly arity: number;
	readonly dtype: DType;
}

/** What has no shader for whole numbers: a division of them. */
const ON_HOST = ["floorDivide"];

/** The elementwise ops that take arguments of a dtype, and the dtype of their results. */
function opsOf(dtype: DType): Entry[] {
	const x = new Tensor(new ARRAYS[dtype](1), dtype, [1]);
	return records.flatMap((op) => {
		if (op.formula === undefined) return [];
		const indices = inOrder(op.formula()).flatMap((x) => (x.kind === "argument" ? [x.index] : []));
		const arity = Math.max(...indices) + 1;
		const type = op.infer(Array<Tensor>(arity).fill(x), null);
		const isOnHost = dtype !== "float32" && ON_HOST.includes(op.name);
		return type.dtype === "float64" || isOnHost ? [] : [{ op, arity, dtype: type.dtype }];
	});
}

/** A loop that applies ops of the same arguments, each for an output of its own. */
function loopOf(entries: readonly Entry[], dtype: DType, size: number): KernelOf<"loop"> {
	const inputs = Array.from({ length: entries[0]!.arity }, () => ({ dtype, strides: [1] }));
	const args = inputs.map((_, index): Expression => ({ kind: "input", index }));
	const outputs = entries.map(({ op, dtype }) => {
		const value: Expression = { kind: "formula", term: op.formula!(), args, dtype };
		return { dtype, strides: [1], value };
	});
	return { kind: "loop", loop: { shape: [size], inputs, outputs } };
}

/** Ops of the same number of arguments, so many that a stage has buffers for all of them. */
function batchesOf(entries: readonly Entry[]): Entry[][] {
	return [1, 2, 3].flatMap((arity) => {
		const same = entries.filter((entry) => entry.arity === arity);
		const most = 7 - arity;
		const count = Math.ceil(same.length / most);
		return Array.from({ length: count }, (_, i) => same.slice(i * most, (i + 1) * most));
	});
}

const namesOf = (batch: readonly Entry[]) => batch.map(({ op }) => op.name).join(", ");

const outputsFor = (batch: readonly Entry[], size: number) =>
	batch.map(({ dtype }) => ({ array: new ARRAYS[dtype](size) }));

/**
 * Ops that round once at most, all others may be off by four units in the last place: of a division
 * and a root alone WGSL allows 2.5.
 */
const EXACT = new Set([
	...["abs", "add", "ceil", "clip", "difference", "floor", "keepWhere", "maskGreater"],
	...["maskGreaterEqual", "maximum", "minimum", "mod", "mul", "neg", "relu", "round", "scale"],
	...["scaleTangent", "sign", "square", "sub", "where"],
]);

/** Series, inverses and logarithms of shares: quotients and roots of several functions each. */
const LONG = new Set([
	...["erfinv", "erfinvSlope", "logNdtr", "logSubExp", "ndtri", "ndtriSlope", "normalHazard"],
	...["normalHazardRest", "polygamma", "betaln", "digamma", "lgamma"],
]);

suite("WGSL of elementwise ops: float32", (test) => {
	for (const batch of batchesOf(opsOf("float32"))) {
		test(namesOf(batch), async () => {
			const { arity } = batch[0]!;
			const inputs = Array.from({ length: arity }, (_, k) => sampleFloats(SIZE, k, arity));
			const reads = inputs.map((array) => ({ array }));
			const kernel = loopOf(batch, "float32", SIZE);
			const { outputs } = await onDevice(kernel, reads, outputsFor(batch, SIZE));
			for (const [k, { op, dtype }] of batch.entries()) {
				const evaluate = termEvaluator(op.formula!());
				let off = { by: 0, given: [] as number[], got: 0 };
				for (let i = 0; i < SIZE; i++) {
					const given = inputs.map((x) => x[i]!);
					const got = outputs[k]![i]!;
					const by = distanceFor(op.name)(got, evaluate(...given), given);
					if (by > off.by) off = { by, given, got };
				}
				const bound = dtype === "bool" || EXACT.has(op.name) ? 0 : LONG.has(op.name) ? 8 : 4;
				assert.ok(off.by <= bound, `${op.name}(${off.given}) is ${off.got}`);
			}
		});
	}
});

const small: Record<"int32" | "bool", (argument: number) => TypedArray> = {
	int32: (argument) => {
		// The second argument is one that all ops take.
		const draw = () => (argument === 1 ? 1 + ((word() >>> 16) % 9) : ((word() >>> 16) % 19) - 9);
		return Int32Array.from({ length: SIZE }, draw);
	},
	bool: () => Uint8Array.from({ length: SIZE }, () => word() >>> 31),
};

suite("WGSL of elementwise ops: whole numbers and bools", (test) => {
	for (const dtype of ["int32", "bool"] as const) {
		// A bool is no divisor.
		const entries = opsOf(dtype).filter(({ op }) => dtype === "int32" || op.name !== "mod");
		for (const batch of batchesOf(entries)) {
			test(`${dtype}: ${namesOf(batch)}`, async () => {
				const kernel = loopOf(batch, dtype, SIZE);
				const reads = kernel.loop.inputs.map((_, i) => ({ array: small[dtype](i) }));
				const writes = outputsFor(batch, SIZE);
				const want = inJavaScript(kernel, reads, writes);
				const got = await onDevice(kernel, reads, writes);
				assert.equal([got.fits, want.fits], [true, true]);
				for (const [k, { op }] of batch.entries()) {
					const wrong = want.outputs[k]!.findIndex((x, i) => got.outputs[k]![i] !== x);
					const given = reads.map(({ array }) => array[wrong]);
					assert.is(wrong, -1, `${op.name}(${given}) is ${got.outputs[k]![wrong]}`);
				}
			});
		}
	}
});

const LEAST = -(2 ** 31);
const EDGES = [LEAST, LEAST + 1, -65536, -46341, -3, -1, 0, 1, 2, 31, 46340, 65537, 2 ** 31 - 1];

/** They are made of something that does not fit although they do. */
const STRICT = ["isFinite", "isInf", "power"];

suite("WGSL of int32 at its ends", (test) => {
	for (const entry of opsOf("int32")) {
		if (entry.arity === 3) continue;
		test(entry.op.name, async () => {
			const kernel = loopOf([entry], "int32", 1);
			const seconds = entry.arity === 1 ? [[]] : EDGES.map((y) => [y]);
			for (const given of EDGES.flatMap((x) => seconds.map((rest) => [x, ...rest]))) {
				const reads = given.map((x) => ({ array: Int32Array.of(x) }));
				const writes = outputsFor([entry], 1);
				const want = inJavaScript(kernel, reads, writes);
				const got = await onDevice(kernel, reads, writes);
				if (!want.fits) assert.is(got.fits, false, `${entry.op.name}(${given}) does not fit`);
				else if (got.fits) assert.equal(got.outputs, want.outputs, `${entry.op.name}(${given})`);
				else assert.ok(STRICT.includes(entry.op.name), `${entry.op.name}(${given}) fits`);
			}
		});
	}
});
