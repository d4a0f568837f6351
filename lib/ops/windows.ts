import { allocate } from "../core/dtype.ts";
import type { Geometry, Pair } from "../core/geometry.ts";
import { alike } from "../core/lead.ts";
import { apply, type Draw, defineOp, type OpFunction } from "../core/op.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import { accumulated } from "../kernels/indices.ts";
import { forEachOverlap, geometryOf } from "../kernels/windows.ts";
import { functionCall } from "../notation/call.ts";
import { affine, placed, plus, view } from "../notation/plain.ts";
import { permute } from "../structure/layout.ts";
import { linear } from "../structure/linear.ts";

/** The shape of all windows of an image (…×height×width): …×rows×columns×height'×width'. */
function windowsShape(lead: Shape, { result, filter }: Geometry): number[] {
	return [...lead, ...result, ...filter];
}

/** The index in the image of an element of a window, for plain JavaScript. */
function pixelOf(index: readonly string[], { stride, dilation }: Geometry): string[] {
	const [i, j, a, b] = index.slice(-4) as [string, string, string, string];
	const along = (window: string, inside: string, axis: 0 | 1) =>
		plus(affine(window, stride[axis], 0), affine(inside, dilation[axis], 0));
	return [...index.slice(0, -4), along(i, a, 0), along(j, b, 1)];
}

function drawGeometry(draw: Draw): Geometry {
	const pair = (min: number, max: number): Pair => [draw.integer(min, max), draw.integer(min, max)];
	const none = [
		[0, 0],
		[0, 0],
	] as const;
	const options = { stride: pair(1, 3), dilation: pair(1, 2), groups: 1, padding: none };
	return geometryOf("sample", pair(3, 4), pair(1, 2), options);
}

/**
 * The windows of an image, without padding: (…×height×width) gives (…×rows×columns×window
 * height×window width). A view; neighbouring windows share their elements. Its transpose adds the
 * windows back (`addWindows`).
 */
export const windows: OpFunction<"windows", (x: Tensor, geometry: Geometry) => Tensor> = defineOp(
	linear<"windows", Geometry>({
		name: "windows",
		lead: alike,
		lowering: "view",
		infer: ([x], geometry) => ({
			shape: windowsShape(x!.shape.slice(0, -2), geometry),
			dtype: x!.dtype,
		}),
		evaluate: ([x], { stride, dilation }, { shape }) => {
			const [rows, columns] = [x!.strides.at(-2)!, x!.strides.at(-1)!];
			const strides = [
				...x!.strides.slice(0, -2),
				rows * stride[0],
				columns * stride[1],
				rows * dilation[0],
				columns * dilation[1],
			];
			return new Tensor(x!.storage, x!.dtype, shape, strides, x!.offset);
		},
		transpose: (g, geometry) => addWindows(g, geometry),
		typescript: (args, geometry) => functionCall("windows", args, geometry),
		loops: view((index, geometry) => pixelOf(index, geometry)),
		print: ([x], { filter, stride, dilation }) =>
			`windows(${x}, (${filter.join(", ")}), stride=(${stride.join(", ")}), dilation=(${dilation.join(", ")}))`,
		sample: (draw) => {
			const geometry = drawGeometry(draw);
			const lead = draw.shape({ maxRank: 1 });
			return { inputs: [draw.tensor([...lead, ...geometry.image])], params: geometry };
		},
	}),
	(x: Tensor, geometry: Geometry): Tensor => apply(windows.op, [x], geometry),
);

/**
 * The transpose of `windows`: each element of a window added to the element of the image from which
 * it came.
 */
export const addWindows: OpFunction<"addWindows", (x: Tensor, geometry: Geometry) => Tensor> =
	defineOp(
		linear<"addWindows", Geometry>({
			name: "addWindows",
			lead: alike,
			lowering: "scatter",
			infer: ([x], { image }) => ({ shape: [...x!.shape.slice(0, -4), ...image], dtype: x!.dtype }),
			evaluate: ([x], geometry, { shape, dtype }) => {
				const lead = sizeOf(x!.shape.slice(0, -4));
				const [pixels, cells] = [
					sizeOf(geometry.image),
					sizeOf(geometry.filter) * sizeOf(geometry.result),
				];
				const rank = x!.rank;
				// With the window's axes first, the elements lie in the order in which the overlaps are
				// walked.
				const order = [...x!.shape.keys()].slice(0, -4);
				const values = elements(permute(x!, [...order, rank - 2, rank - 1, rank - 4, rank - 3]));
				const sums = allocate("float64", lead * pixels);
				for (let n = 0; n < lead; n++) {
					forEachOverlap(geometry, (cell, pixel) => {
						sums[n * pixels + pixel]! += values[n * cells + cell]!;
					});
				}
				return accumulated("addWindows", sums, dtype, shape);
			},
			transpose: (g, geometry) => windows(g, geometry),
			typescript: (args, geometry) => functionCall("addWindows", args, geometry),
			loops: placed((index, geometry) => pixelOf(index, geometry)),
			traits: { zeros: true },
			print: ([x], { image, stride, dilation }) =>
				`add_windows(${x}, (${image.join(", ")}), stride=(${stride.join(", ")}), dilation=(${dilation.join(", ")}))`,
			sample: (draw) => {
				const geometry = drawGeometry(draw);
				const lead = draw.shape({ maxRank: 1 });
				return { inputs: [draw.tensor(windowsShape(lead, geometry))], params: geometry };
			},
		}),
		(x: Tensor, geometry: Geometry): Tensor => apply(addWindows.op, [x], geometry),
	);
