import type { Channels, Geometry } from "../core/geometry.ts";
import type { OpLowering } from "../core/op-lowering.ts";
import type { Instruction } from "../program/program.ts";
import type { Convolution, Wanted } from "./kernel.ts";

const wantedBy = {
	convolution: "result",
	"convolution to filters": "filter",
	"convolution to images": "image",
} as const satisfies Record<Extract<OpLowering, `convolution${string}`>, Wanted>;

/** What an instruction computes that is a convolution or one of its transposes. */
export function wantedOf({ op }: Instruction): Wanted {
	return wantedBy[op.lowering as keyof typeof wantedBy];
}

/** The convolution that it belongs to. */
export function convolutionOf({ params, type }: Instruction): Convolution {
	const given = params as Channels & { readonly geometry: Geometry };
	return { ...given, dtype: type.dtype as Convolution["dtype"] };
}
