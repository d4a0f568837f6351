import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { type DType, type Tensor, tensor } from "../../lib/index.ts";

/** The bytes that a text in base64 stands for. */
export const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));

/** Asserts the same shape, dtype and bits. */
export function identical(x: Tensor, y: Tensor): void {
	assert.equal([x.shape, x.dtype], [y.shape, y.dtype]);
	assert.ok(x.data.every((value, i) => Object.is(value, y.data[i])));
}

/** Gives a new folder to write in, and removes it afterwards. */
export async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "adjoint-io-"));
	try {
		await use(folder);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** The reason of a promise that has to be rejected. */
export async function rejected(promise: Promise<unknown>): Promise<unknown> {
	try {
		await promise;
	} catch (error) {
		return error;
	}
	return assert.unreachable("expected a rejection");
}

/** Tensors of every dtype and small shapes, transposed ones among them. */
export const tensors: fc.Arbitrary<Tensor> = fc
	.record({
		dtype: fc.constantFrom<DType>("float64", "float32", "int32", "bool"),
		shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
	})
	.chain(({ dtype, shape }) => {
		const element = {
			float64: fc.double(),
			float32: fc.float(),
			int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
			bool: fc.constantFrom(0, 1),
		}[dtype];
		const size = shape.reduce((a, b) => a * b, 1);
		return fc
			.tuple(fc.array(element, { minLength: size, maxLength: size }), fc.boolean())
			.map(([values, transposed]) => {
				const x = tensor(values, { dtype, shape });
				return transposed ? x.T : x;
			});
	});
