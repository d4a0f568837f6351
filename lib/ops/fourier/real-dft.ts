import * as kind from "../../core/argument-kinds.ts";
import { ShapeError } from "../../core/error.ts";
import { alike } from "../../core/lead.ts";
import { asTensor, floating } from "../../core/lift.ts";
import type { IndexedElements } from "../../core/loop-form.ts";
import { apply, defineOp, type OpFunction } from "../../core/op.ts";
import { checkOptions, type OptionKinds } from "../../core/options.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { transformRealLines, transformToRealLines } from "../../kernels/fourier/lines.ts";
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

/** How many of n numbers say all of the transform of real ones. */
const halfOf = (n: number) => Math.floor(n / 2) + 1;

/** Twice where number k stands for its conjugate too. */
const weightOf = (doubled: boolean, k: string, n: number) =>
	doubled ? ` * ((2 * ${k}) % ${n} === 0 ? 1 : 2)` : "";

type RealDftParams = { readonly doubled: boolean; readonly norm: FourierNorm };

/** How `realDft` and `dftToReal` transform. */
export interface RealDftOptions {
	/** Numbers that stand for their conjugates too count twice; left out: once. */
	readonly doubled?: boolean;
	/** Left out: backward. */
	readonly norm?: FourierNorm;
}

const REAL_DFT_OPTIONS: OptionKinds<RealDftOptions> = { doubled: kind.flag, norm: FOURIER_NORMS };

function givenReal({ doubled, norm }: RealDftParams): RealDftOptions | undefined {
	if (!doubled && norm === "backward") return undefined;
	return { doubled: doubled || undefined, norm: givenNorm(norm) } as RealDftOptions;
}

/**
 * The first ⌊n/2⌋ + 1 numbers of the transform of each n real ones, (…×n) to (…×2×⌊n/2⌋+1): the
 * rest are conjugate to these. `dftToReal` is its transpose. Int32 and bool give float64.
 * @throws ShapeError for a scalar, or a last axis without elements
 */
export const realDft: OpFunction<"realDft", (x: TensorLike, options?: RealDftOptions) => Tensor> =
	defineOp(
		linear<"realDft", RealDftParams>({
			name: "realDft",
			lead: alike,
			infer: ([x]) => ({
				shape: [...x!.shape.slice(0, -1), 2, halfOf(x!.shape.at(-1)!)],
				dtype: floating.result(x!.dtype),
			}),
			evaluate: ([x], { doubled, norm }, type) => {
				const n = x!.shape.at(-1)!;
				const scale = 1 / divisorOf(n, false, norm);
				return transformed(x!, type, (values, out) =>
					transformRealLines(values, n, doubled ? 2 : 1, scale, out),
				);
			},
			transpose: (g, { doubled, norm }, { shape }) =>
				dftToReal(g, shape.at(-1)!, { doubled, norm: otherNorm[norm] }),
			typescript: (args, params) => functionCall("realDft", args, givenReal(params)),
			latex: ([x]) => named("RDFT", [x!]),
			loops: {
				kind: "fold",
				sizes: ([shape]) => [shape!.at(-1)!],
				start: "0",
				next: (total, [x], index, [j], { doubled, norm }) => {
					const n = x!.shape.at(-1)!;
					const [part, k] = [index.at(-2)!, index.at(-1)!];
					const angle = angleOf(j!, k, n);
					const wave = `(${part} === 0 ? Math.cos(${angle}) : -Math.sin(${angle}))`;
					const term = `${x!.at([...index.slice(0, -2), j!])} * ${wave}`;
					return `${total} += ${term}${weightOf(doubled, k, n)}${dividedBy(divisorOf(n, false, norm))}`;
				},
				finish: (total) => total,
			},
			print: ([x], { doubled, norm }) =>
				`real_dft(${x}${doubled ? ", doubled=True" : ""}${printNorm(norm)})`,
			traits: { flops: ([shape]) => flopsOf(shape!, shape!.at(-1)!) },
			sample: (draw) => {
				const shape = [...draw.shape({ maxRank: 2 }), draw.integer(1, 6)];
				const params = { doubled: draw.integer(0, 1) === 1, norm: draw.pick(FOURIER_NORMS) };
				return { inputs: [draw.tensor(shape)], params };
			},
		}),
		(value: TensorLike, options?: RealDftOptions): Tensor => {
			const x = asTensor("realDft", value);
			const given = checkOptions("realDft", options, REAL_DFT_OPTIONS);
			if (x.rank === 0 || x.shape.at(-1) === 0) {
				throw new ShapeError(
					`realDft: expected (…×n) with at least one number, got shape ${showShape(x.shape)}`,
				);
			}
			const { doubled = false, norm = "backward" } = given;
			return apply(realDft.op, [x], { doubled, norm });
		},
	);

/**
 * The n real numbers Σₖ Re(xₖ·e^(2πi·jk/n)) of each ⌊n/2⌋ + 1 complex ones, (…×2×⌊n/2⌋+1) to (…×n).
 * With `doubled` the sum goes over these and their conjugates, and gives back, divided by n, what
 * `realDft` was given. Imaginary parts of numbers that are their own conjugates have no influence.
 * @throws ShapeError where the last two axes are not 2 and ⌊n/2⌋ + 1
 */
export const dftToReal: OpFunction<
	"dftToReal",
	(x: TensorLike, n: number, options?: RealDftOptions) => Tensor
> = defineOp(
	linear<"dftToReal", RealDftParams & { readonly n: number }>({
		name: "dftToReal",
		lead: alike,
		infer: ([x], { n }) => ({
			shape: [...x!.shape.slice(0, -2), n],
			dtype: floating.result(x!.dtype),
		}),
		evaluate: ([x], { n, doubled, norm }, type) => {
			const scale = 1 / divisorOf(n, true, norm);
			return transformed(x!, type, (values, out) =>
				transformToRealLines(values, n, doubled ? 1 : 0.5, scale, out),
			);
		},
		transpose: (g, { doubled, norm }) => realDft(g, { doubled, norm: otherNorm[norm] }),
		typescript: (args, { n, ...params }) => functionCall("dftToReal", args, n, givenReal(params)),
		latex: ([x]) => named("IRDFT", [x!]),
		loops: {
			kind: "fold",
			sizes: ([shape]) => [shape!.at(-1)!],
			start: "0",
			next: (total, [x], index, [k], { n, doubled, norm }) => {
				const [before, angle] = [index.slice(0, -1), angleOf(index.at(-1)!, k!, n)];
				const at = (part: string) => (x as IndexedElements).at([...before, part, k!]);
				const term = `(${at("0")} * Math.cos(${angle}) - ${at("1")} * Math.sin(${angle}))`;
				return `${total} += ${term}${weightOf(doubled, k!, n)}${dividedBy(divisorOf(n, true, norm))}`;
			},
			finish: (total) => total,
		},
		print: ([x], { n, doubled, norm }) =>
			`dft_to_real(${x}, ${n}${doubled ? ", doubled=True" : ""}${printNorm(norm)})`,
		traits: { flops: (_, out, { n }) => flopsOf(out, n) },
		sample: (draw) => {
			const n = draw.integer(1, 6);
			const params = { n, doubled: draw.integer(0, 1) === 1, norm: draw.pick(FOURIER_NORMS) };
			return { inputs: [draw.tensor([...draw.shape({ maxRank: 2 }), 2, halfOf(n)])], params };
		},
	}),
	(value: TensorLike, n: number, options?: RealDftOptions): Tensor => {
		const x = asTensor("dftToReal", value);
		const given = checkOptions("dftToReal", options, REAL_DFT_OPTIONS);
		if (!Number.isSafeInteger(n) || n < 1) {
			throw new ShapeError(`dftToReal: expected a whole number from 1 as n, got ${String(n)}`);
		}
		if (x.rank < 2 || x.shape.at(-2) !== 2 || x.shape.at(-1) !== halfOf(n)) {
			throw new ShapeError(
				`dftToReal: expected (…×2×${halfOf(n)}) for ${n} numbers, got shape ${showShape(x.shape)}`,
			);
		}
		const { doubled = false, norm = "backward" } = given;
		return apply(dftToReal.op, [x], { n, doubled, norm });
	},
);
