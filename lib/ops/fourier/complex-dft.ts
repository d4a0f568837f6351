import * as kind from "../../core/argument-kinds.ts";
import { ShapeError } from "../../core/error.ts";
import { alike } from "../../core/lead.ts";
import { asTensor, floating } from "../../core/lift.ts";
import { apply, defineOp, type OpFunction } from "../../core/op.ts";
import { checkOptions, type OptionKinds } from "../../core/options.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { transformLines } from "../../kernels/fourier/lines.ts";
import { functionCall } from "../../notation/call.ts";
import { named } from "../../notation/mathematics.ts";
import { linear } from "../../structure/linear.ts";
import {
	angleOf,
	dividedBy,
	divisorOf,
	FOURIER_NORMS,
	type FourierNorm,
	flopsOf,
	givenNorm,
	otherNorm,
	printNorm,
	transformed,
} from "./division.ts";

type DftParams = { readonly inverse: boolean; readonly norm: FourierNorm };

/** How `complexDft` transforms. */
export interface DftOptions {
	/** With e^(+2πi·jk/n); left out: with e^(−2πi·jk/n). */
	readonly inverse?: boolean;
	/** Left out: backward. */
	readonly norm?: FourierNorm;
}

const DFT_OPTIONS: OptionKinds<DftOptions> = { inverse: kind.flag, norm: FOURIER_NORMS };

/**
 * Σⱼ xⱼ·e^(−2πi·jk/n) of each n complex numbers, (…×2×n), divided as `norm` says; with `inverse`
 * the exponent has the other sign. As a map of real tensors its transpose is the transform with the
 * other sign, divided alike. Int32 and bool give float64.
 * @throws ShapeError where the last two axes are not 2 and at least 1
 */
export const complexDft: OpFunction<"complexDft", (x: TensorLike, options?: DftOptions) => Tensor> =
	defineOp(
		linear<"complexDft", DftParams>({
			name: "complexDft",
			lead: alike,
			infer: ([x]) => ({ shape: x!.shape, dtype: floating.result(x!.dtype) }),
			evaluate: ([x], { inverse, norm }, type) => {
				const n = type.shape.at(-1)!;
				const scale = 1 / divisorOf(n, inverse, norm);
				return transformed(x!, type, (values, out) =>
					transformLines(values, n, inverse, scale, out),
				);
			},
			transpose: (g, { inverse, norm }) =>
				complexDft(g, { inverse: !inverse, norm: otherNorm[norm] }),
			typescript: (args, { inverse, norm }) =>
				functionCall(
					"complexDft",
					args,
					inverse || norm !== "backward"
						? { inverse: inverse || undefined, norm: givenNorm(norm) }
						: undefined,
				),
			latex: ([x], { inverse }) => named(inverse ? "IDFT" : "DFT", [x!]),
			loops: {
				kind: "fold",
				sizes: ([shape]) => [shape!.at(-1)!],
				start: "0",
				next: (total, [x], index, [j], { inverse, norm }) => {
					const n = x!.shape.at(-1)!;
					const [before, part, k] = [index.slice(0, -2), index.at(-2)!, index.at(-1)!];
					const angle = angleOf(j!, k, n);
					// The real part takes from the imaginary one, and that with the other sign from it.
					const sign = inverse ? `(2 * ${part} - 1)` : `(1 - 2 * ${part})`;
					const [own, other] = [part, `1 - ${part}`].map((at) => x!.at([...before, at, j!]));
					const term = `${own} * Math.cos(${angle}) + ${sign} * ${other} * Math.sin(${angle})`;
					const divisor = divisorOf(n, inverse, norm);
					return `${total} += ${divisor === 1 ? term : `(${term})${dividedBy(divisor)}`}`;
				},
				finish: (total) => total,
			},
			print: ([x], { inverse, norm }) =>
				`complex_dft(${x}${inverse ? ", inverse=True" : ""}${printNorm(norm)})`,
			traits: { flops: ([shape]) => flopsOf(shape!, shape!.at(-1)!) },
			sample: (draw) => {
				const shape = [...draw.shape({ maxRank: 2 }), 2, draw.integer(1, 6)];
				const params = { inverse: draw.integer(0, 1) === 1, norm: draw.pick(FOURIER_NORMS) };
				return { inputs: [draw.tensor(shape)], params };
			},
		}),
		(value: TensorLike, options?: DftOptions): Tensor => {
			const x = asTensor("complexDft", value);
			const { inverse = false, norm = "backward" } = checkOptions(
				"complexDft",
				options,
				DFT_OPTIONS,
			);
			if (x.rank < 2 || x.shape.at(-2) !== 2 || x.shape.at(-1) === 0) {
				throw new ShapeError(
					`complexDft: expected (…×2×n), parts of at least one number, got shape ${showShape(x.shape)}`,
				);
			}
			return apply(complexDft.op, [x], { inverse, norm });
		},
	);
