import type { Channels } from "../kernels/convolve.ts";
import type { Geometry } from "../kernels/windows.ts";
import type * as ops from "../ops/convolution.ts";
import type { Instruction } from "../program/program.ts";
import type { Convolution, Wanted } from "./kernel.ts";
import type { NamesOf } from "./lower.ts";

const wantedBy: Record<NamesOf<typeof ops>, Wanted> = {
	convolve: "result",
	convolveFilter: "filter",
	convolveInput: "image",
};

/** What an instruction computes that is a convolution or one of its transposes. */
export function wantedOf({ op }: Instruction): Wanted {
	return wantedBy[op.name as keyof typeof wantedBy];
}

/** The convolution that it belongs to. */
export function convolutionOf({ params, type }: Instruction): Convolution {
	const given = params as Channels & { readonly geometry: Geometry };
	return { ...given, dtype: type.dtype as Convolution["dtype"] };
}
