import { sizeOf } from "../../../core/shape.ts";
import type { Scatter } from "../../../schedule/kernel.ts";
import { Unsupported } from "../../backend.ts";
import { type ShaderOperand, type ShaderPlan, ShaderWriter } from "../wgsl/shader.ts";
import { scaledText, stridedIndex, sumText } from "./products/text.ts";

/** Invocations of a workgroup. */
const LANES = 256;

/**
 * The shader that adds windows up where they lie in images. Each invocation has an element of an
 * image, and adds what windows have there in the order of their elements, row by row: of windows
 * that lie apart by the stride, no two have it at the same element.
 * @throws Unsupported for another dtype than float32
 */
export function scatterShaders(
	{ dtype, windows, images, stride, dilation }: Scatter,
	operands: readonly ShaderOperand[],
): ShaderPlan {
	if (dtype !== "float32") throw new Unsupported(`no windows of ${dtype} on the device`);
	const size = sizeOf(images);
	if (size === 0) return { shaders: [] };
	const m = new ShaderWriter(operands);
	const [height, width] = images.slice(-2) as [number, number];
	const [rows, columns, filterHeight, filterWidth] = windows.shape.slice(-4);
	const [row, column, cellRow, cellColumn] = windows.strides.slice(-4);
	const planes = stridedIndex("plane", windows.shape.slice(0, -4), windows.strides.slice(0, -4));
	const index = sumText(
		"first",
		scaledText("(y / STRIDE_Y)", row!),
		scaledText("(x / STRIDE_X)", column!),
		scaledText("i", cellRow!),
		scaledText("j", cellColumn!),
	);
	m.define("STRIDE_Y", `const STRIDE_Y = ${stride[0]};`);
	m.define("STRIDE_X", `const STRIDE_X = ${stride[1]};`);
	const body = [
		`let element = group * ${LANES} + lane;`,
		`if (element >= ${size}) { return; }`,
		`let plane = element / ${height * width};`,
		`let first = ${planes};`,
		"var total = 0f;",
		`for (var i = 0; i < ${filterHeight}; i++) {`,
		`	let y = element / ${width} % ${height} - ${scaledText("i", dilation[0])};`,
		`	if (y < 0 || y % STRIDE_Y != 0 || y / STRIDE_Y >= ${rows}) { continue; }`,
		`	for (var j = 0; j < ${filterWidth}; j++) {`,
		`		let x = element % ${width} - ${scaledText("j", dilation[1])};`,
		`		if (x < 0 || x % STRIDE_X != 0 || x / STRIDE_X >= ${columns}) { continue; }`,
		`		total += ${m.load(0, index)};`,
		"	}",
		"}",
		m.store(1, "element", "total"),
	];
	const workgroups = Math.ceil(size / LANES);
	return { shaders: [m.finish({ size: LANES, workgroups, body })] };
}
