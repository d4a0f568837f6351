import type { DType } from "../../core/dtype.ts";
import type { Channels, Geometry } from "../../core/geometry.ts";
import type { ElementForm } from "../../core/loop-form.ts";
import type { Op } from "../../core/op.ts";
import type { LoweringParams } from "../../core/op-lowering.ts";
import type { Data } from "../../core/params.ts";
import { affine } from "../../notation/plain.ts";
import type { ConvolutionPart } from "./convolution-loops.ts";

// How an op runs in a compiled program says for some what they are: their loops are read from it.

/** What each element is cast to. */
const casts: { readonly [K in DType]: (x: string) => string } = {
	float64: (x) => x,
	float32: (x) => `Math.fround(${x})`,
	// An integer has no −0.
	int32: (x) => `Math.trunc(${x}) + 0`,
	bool: (x) => `${x} === 0 ? 0 : 1`,
};

const displaced: ElementForm<LoweringParams["displacement"]> = {
	kind: "element",
	at: ([x], index, { steps, axis }) => {
		const size = x!.shape[axis]!;
		if (Math.abs(steps) >= size) return "0";
		const from = x!.at(index.with(axis, affine(index[axis]!, 1, -steps)));
		if (steps === 0) return from;
		const i = index[axis]!;
		return steps > 0 ? `${i} < ${steps} ? 0 : ${from}` : `${i} < ${size + steps} ? ${from} : 0`;
	},
};

/** An op's elements by its lowering; undefined where that does not tell. */
export function loweredElement({ lowering }: Op, dtype: DType): ElementForm<Data> | undefined {
	if (lowering === "cast")
		return { kind: "element", at: ([x], index) => casts[dtype](x!.at(index)) };
	return lowering === "displacement" ? (displaced as unknown as ElementForm<Data>) : undefined;
}

/** What a product of images and filters makes. */
const products = {
	convolution: "result",
	"convolution to images": "images",
	"convolution to filters": "filters",
} as const satisfies Partial<Record<keyof LoweringParams, ConvolutionPart>>;

/** The product of images and filters that an op is by its lowering; undefined for another op. */
export function loweredConvolution(
	{ lowering }: Op,
	params: Data,
): { made: ConvolutionPart; params: Channels & { readonly geometry: Geometry } } | undefined {
	if (lowering === undefined || !Object.hasOwn(products, lowering)) return undefined;
	const made = products[lowering as keyof typeof products];
	return { made, params: params as never };
}
