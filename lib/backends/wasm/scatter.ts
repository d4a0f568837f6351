import type { ModuleBuilder } from "../../asm/assembler.ts";
import type { Local } from "../../asm/function.ts";
import { memory } from "../../asm/memory.ts";
import { f32, f64, i32 } from "../../asm/scalar.ts";
import { BYTES } from "../../core/dtype.ts";
import { rowMajorStrides, sizeOf } from "../../core/shape.ts";
import type { Scatter } from "../../schedule/kernel.ts";
import { nest } from "./elementwise/nest.ts";
import type { KernelFunction } from "./kernel-function.ts";
import type { Code } from "./math/floats.ts";

/**
 * The function that adds the windows of images (…×rows×columns×window height×window width), over a
 * range of the first axis.
 */
export function defineScatter(
	m: ModuleBuilder,
	name: string,
	{ dtype, windows, images, stride, dilation }: Scatter,
): KernelFunction {
	const bytes = BYTES[dtype];
	const outer = rowMajorStrides(images);
	const [rowStride, columnStride] = outer.slice(-2) as [number, number];
	// The windows' own axes come before those along which they lie: each of them in the order of the
	// op's own evaluation.
	const ordered = <T>(all: readonly T[]) => [
		...all.slice(0, -4),
		...all.slice(-2),
		...all.slice(-4, -2),
	];
	// An image alone is one of one.
	const one = windows.shape.length === 4 ? [1] : [];
	const sizes = [...one, ...ordered(windows.shape)];
	const places = [
		...outer.slice(0, -2),
		rowStride * stride[0],
		columnStride * stride[1],
		rowStride * dilation[0],
		columnStride * dilation[1],
	];
	const imageBytes = bytes * (one.length > 0 ? sizeOf(images) : outer[0]!);
	const callee = m.define(name, ["i32", "i32", "i32", "i32"], "none", (f, x, y, from, to) => {
		const walked = (start: Local<"i32">, strides: readonly number[]) => ({
			start,
			steps: [...one, ...ordered(strides)].map((stride) => stride * bytes),
		});
		const count = i32.sub(to, from);
		f.do(memory.fill(i32.add(y, i32.mul(from, imageBytes)), 0, i32.mul(count, imageBytes)));
		const layouts = [walked(x, windows.strides), walked(y, places)];
		nest(f as Code, sizes, layouts, { from, to }, ([source, target]) => {
			if (dtype === "float32") {
				f.store(f32, target!, f32.add(f32.load(target!), f32.load(source!)));
			} else {
				f.store(f64, target!, f64.add(f64.load(target!), f64.load(source!)));
			}
		});
	});
	return { callee, works: false, extent: sizes[0]!, grain: 1 };
}
