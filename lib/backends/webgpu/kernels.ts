import type { CodedKernel } from "../../schedule/kernel.ts";
import { convolutionPlan, convolutionTiles } from "./kernels/convolution.ts";
import { indexedShaders } from "./kernels/indexed.ts";
import { loopShaders } from "./kernels/loop.ts";
import { productPlan, productTiles } from "./kernels/product.ts";
import type { ShaderTile } from "./kernels/products/tile.ts";
import { reductionShaders } from "./kernels/reduction.ts";
import { scanShaders } from "./kernels/scan.ts";
import { scatterShaders } from "./kernels/scatter.ts";
import type { ShaderOperand, ShaderPlan } from "./wgsl/shader.ts";

/** The tiles by which a kernel can be computed, the best guess first; none where it has none. */
export function tilesOf(kernel: CodedKernel): readonly ShaderTile[] {
	if (kernel.kind === "product") return productTiles(kernel.matrices);
	return kernel.kind === "convolution" ? convolutionTiles(kernel.convolution, kernel.wanted) : [];
}

/**
 * The shaders of a kernel for these operands: those that it reads, then those that it writes.
 * @throws Unsupported for one that the device cannot run
 */
export function shadersOf(
	kernel: CodedKernel,
	operands: readonly ShaderOperand[],
	tile?: ShaderTile,
): ShaderPlan {
	switch (kernel.kind) {
		case "loop":
			return loopShaders(kernel.loop, operands);
		case "convolution":
			return convolutionPlan(kernel, operands, tile);
		case "product":
			return productPlan(kernel, operands, tile);
		case "reduction":
			return reductionShaders(kernel.loop, operands);
		case "scan":
			return scanShaders(kernel.scan, operands);
		case "indexed":
			return indexedShaders(kernel.indexed, operands);
		case "scatter":
			return scatterShaders(kernel.scatter, operands);
	}
}
