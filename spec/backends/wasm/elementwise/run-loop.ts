import { ModuleBuilder } from "../../../../lib/asm/assembler.ts";
import {
	importScalars,
	scalarImports,
} from "../../../../lib/backends/wasm/elementwise/expression.ts";
import { defineElementwise } from "../../../../lib/backends/wasm/elementwise/loop.ts";
import { FAILED } from "../../../../lib/backends/wasm/math/failure.ts";
import type { DType, TypedArray } from "../../../../lib/core/dtype.ts";
import { allocate, BYTES } from "../../../../lib/core/dtype.ts";
import type { Shape } from "../../../../lib/core/shape.ts";
import { rowMajorStrides, sizeOf } from "../../../../lib/core/shape.ts";
import type { Tensor } from "../../../../lib/core/tensor.ts";
import { type Expression, formulasIn } from "../../../../lib/schedule/expression.ts";

const PAGE = 65536;
const memory = new WebAssembly.Memory({ initial: 64 });

/**
 * Lays storages out in memory one after the other; gives where each lies and where the free part
 * begins.
 */
export function layOut(storages: readonly TypedArray[]): { addresses: number[]; free: number } {
	let free = 64;
	const addresses = storages.map((storage) => {
		const at = free;
		free = (at + storage.byteLength + 31) & ~15;
		if (free + PAGE > memory.buffer.byteLength) memory.grow(Math.ceil((free + PAGE) / PAGE));
		new Uint8Array(memory.buffer).set(
			new Uint8Array(storage.buffer, storage.byteOffset, storage.byteLength),
			at,
		);
		return at;
	});
	return { addresses, free };
}

/** What lies in memory. */
export function read(dtype: DType, at: number, size: number): TypedArray {
	const out = allocate(dtype, size);
	new Uint8Array(out.buffer).set(new Uint8Array(memory.buffer, at, out.byteLength));
	return out;
}

/** Whether code has failed since this was last asked. */
export function hasFailed(): boolean {
	const word = new Int32Array(memory.buffer, FAILED, 1);
	const failed = word[0] !== 0;
	word[0] = 0;
	return failed;
}

/** The exported functions of a module. */
export function instantiate(
	m: ModuleBuilder,
	scalars: Record<string, (...x: number[]) => number>,
): Record<string, (...args: number[]) => void> {
	const module = new WebAssembly.Module(m.bytes());
	const { exports } = new WebAssembly.Instance(module, { env: { memory, ...scalars } });
	return exports as Record<string, (...args: number[]) => void>;
}

/** An output of a loop; left out, its strides are row-major and its size is that of the shape. */
export interface Output {
	readonly dtype: DType;
	readonly value: Expression;
	readonly strides?: readonly number[];
	readonly size?: number;
	/** The input in whose place it is written. */
	readonly over?: number;
}

/** What outputs hold before the loop writes to them. */
export const UNTOUCHED = 77;

/**
 * Runs a loop over tensors of one shape, in `parts` ranges one after the other; gives its outputs.
 */
export function runLoop(
	shape: Shape,
	tensors: readonly Tensor[],
	outputs: readonly Output[],
	parts = 1,
): TypedArray[] {
	const m = new ModuleBuilder({ pages: 1 });
	const names = formulasIn(outputs.map(({ value }) => value));
	const scalars = importScalars(m, names);
	const strided = outputs.map((x) => ({ ...x, strides: x.strides ?? rowMajorStrides(shape) }));
	const loop = { shape, inputs: tensors, outputs: strided };
	const { extent } = defineElementwise(m, "run", loop, scalars);
	const sizes = outputs.map(({ size }) => size ?? sizeOf(shape));
	const empty = outputs.map(({ dtype }, i) => allocate(dtype, sizes[i]!).fill(UNTOUCHED));
	const { addresses } = layOut([...tensors.map(({ array }) => array), ...empty]);
	const from = tensors.map(({ offset, dtype }, i) => addresses[i]! + offset * BYTES[dtype]);
	const to = outputs.map(({ over }, i) =>
		over === undefined ? addresses[tensors.length + i]! : from[over]!,
	);
	const { run } = instantiate(m, scalarImports(names));
	for (let part = 0; part < parts; part++) {
		const [first, end] = [part, part + 1].map((p) => Math.floor((p * extent) / parts));
		run!(...from, ...to, first!, end!);
	}
	return outputs.map(({ dtype }, i) => read(dtype, to[i]!, sizes[i]!));
}
