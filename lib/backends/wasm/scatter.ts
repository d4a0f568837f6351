import type { ModuleBuilder } from "../../asm/assembler.ts";
import type { Local } from "../../asm/function.ts";
import { memory } from "../../asm/memory.ts";
import { f32, f64, i32 } from "../../asm/scalar.ts";
import { BYTES } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Scatter } from "../../schedule/kernel.ts";
import { scatterWalk } from "../../schedule/scatters.ts";
import { nest } from "./elementwise/nest.ts";
import type { KernelFunction } from "./kernel-function.ts";
import type { Code } from "./math/floats.ts";

/**
 * The function that adds the windows of images (…×rows×columns×window height×window width), over a
 * range of the first axis.
 */
export function defineScatter(m: ModuleBuilder, name: string, scatter: Scatter): KernelFunction {
	const { dtype, images } = scatter;
	const bytes = BYTES[dtype];
	const walk = scatterWalk(scatter);
	// The images of one image are its channels; where there is but one plane, it is one of one.
	const several = walk.shape.slice(0, -4).findIndex((size) => size !== 1);
	const skipped = several < 0 ? walk.shape.length - 4 : several;
	const [shape, read, written] = [walk.shape, walk.from, walk.to].map((x) => x.slice(skipped));
	const one = several < 0 ? [1] : [];
	const sizes = [...one, ...shape!];
	const imageBytes = (bytes * sizeOf(images)) / Math.max(1, sizes[0]!);
	const callee = m.define(name, ["i32", "i32", "i32", "i32"], "none", (f, x, y, from, to) => {
		const walked = (start: Local<"i32">, strides: readonly number[]) => ({
			start,
			steps: [...one, ...strides].map((stride) => stride * bytes),
		});
		const count = i32.sub(to, from);
		f.do(memory.fill(i32.add(y, i32.mul(from, imageBytes)), 0, i32.mul(count, imageBytes)));
		const layouts = [walked(x, read!), walked(y, written!)];
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
