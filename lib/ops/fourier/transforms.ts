import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { DomainError, ShapeError } from "../../core/error.ts";
import { floating } from "../../core/lift.ts";
import { checkOptions, describe, isTensor, type OptionKinds } from "../../core/options.ts";
import { normalizeAxis, showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { alignArguments } from "../../kinds/align.ts";
import { moveAxis } from "../../structure/layout.ts";
import { stack } from "../joining.ts";
import { pad } from "../padding.ts";
import { slice } from "../slicing.ts";
import { complexDft } from "./complex-dft.ts";
import { FOURIER_NORMS, type FourierNorm } from "./division.ts";
import { dftToReal, realDft } from "./real-dft.ts";

export type { FourierNorm };

/**
 * Complex numbers: their real and imaginary parts, two real tensors of one shape. A pair and no
 * dtype of its own, so that every op works on the parts, a gradient has the same two parts, and
 * `vmap`, `compile` and whatever else takes trees of tensors takes pairs. A gradient { re, im } has
 * the derivatives by the real and the imaginary part, as PyTorch's; JAX's is conjugate to it.
 */
export type Complex = { readonly re: Tensor; readonly im: Tensor };

/** A pair of what may be broadcast, or real numbers. */
export type ComplexLike = TensorLike | { readonly re: TensorLike; readonly im: TensorLike };

/** Options of the transforms along one axis. */
export interface FourierOptions {
	/**
	 * How many numbers are transformed, or come out of `irfft`: what is longer is cut at its end,
	 * what is shorter gets zeros there. Left out: as many as there are; of `irfft` 2·(m − 1) for m.
	 */
	readonly n?: number;
	/** Left out: the last. */
	readonly axis?: number;
	/**
	 * `backward`, the default, divides the inverse transform by n; `forward` the transform; `ortho`
	 * both by √n.
	 */
	readonly norm?: FourierNorm;
}

/** Options of the transforms along two axes. */
export interface Fourier2Options {
	/** As `n`, for each of the two axes. */
	readonly shape?: readonly [number, number];
	/** Left out: the last two. */
	readonly axes?: readonly [number, number];
	/** As for one axis. */
	readonly norm?: FourierNorm;
}

const OPTIONS: OptionKinds<FourierOptions> = {
	n: kind.count,
	axis: kind.anything,
	norm: FOURIER_NORMS,
};
const OPTIONS2: OptionKinds<Fourier2Options> = {
	shape: kind.pair,
	axes: kind.pair,
	norm: FOURIER_NORMS,
};

/** The parts of x, of one shape. */
function partsOf(op: string, x: ComplexLike): Complex {
	if (isTensor(x) || typeof x === "number" || typeof x === "boolean") {
		const [re, im] = alignArguments(op, [x, 0], floating);
		return { re: re!, im: im! };
	}
	if (typeof x !== "object" || x === null || !("re" in x) || !("im" in x)) {
		throw new DomainError(`${op}: expected a tensor or { re, im }, got ${describe(x)}`);
	}
	const [re, im] = alignArguments(op, [x.re, x.im], floating);
	return { re: re!, im: im! };
}

/** x with the axis last, cut or filled with zeros to n numbers. */
function lines(op: string, x: Tensor, axis: number, n: number): Tensor {
	const moved = moveAxis(x, axis, -1);
	const size = moved.shape.at(-1)!;
	if (n === 0) {
		throw new ShapeError(
			`${op}: expected at least one number along axis ${axis} of ${showShape(x.shape)}, got none; n says how many zeros to take`,
		);
	}
	const before = moved.shape.slice(0, -1);
	if (size > n) return slice(moved, ...before.map(() => null), [0, n]);
	if (size === n) return moved;
	return pad(moved, [...before.map(() => [0, 0] as const), [0, n - size]]);
}

/** The two rows that `complexDft` and `realDft` give, each with its axis where it was. */
function rows(y: Tensor, axis: number): Complex {
	const before = new Array<null>(y.rank - 2).fill(null);
	const row = (i: number) => moveAxis(slice(y, ...before, i), -1, axis);
	return { re: row(0), im: row(1) };
}

function transform(
	op: string,
	value: ComplexLike,
	options: FourierOptions | undefined,
	inverse: boolean,
): Complex {
	const { n, axis = -1, norm = "backward" } = checkOptions(op, options, OPTIONS);
	const { re, im } = partsOf(op, value);
	const along = normalizeAxis(op, axis, re.rank);
	return calledAs(op, () => {
		const parts = [re, im].map((x) => lines(op, x, along, n ?? x.shape[along]!));
		return rows(complexDft(stack(parts, -2), { inverse, norm }), along);
	});
}

/**
 * The discrete Fourier transform along an axis, Xₖ = Σⱼ xⱼ·e^(−2πi·jk/n), of real numbers or of a
 * pair { re, im }, as NumPy's `np.fft.fft`. Any length, in n·log n; float32 is computed in float64.
 * Linear: its transpose is the transform with the other sign.
 * @throws ShapeError for a scalar, an axis out of range or without elements, or parts that do not
 * broadcast
 */
export function fft(x: ComplexLike, options?: FourierOptions): Complex {
	return transform("fft", x, options, false);
}

/**
 * The inverse of `fft`: xⱼ = 1/n·Σₖ Xₖ·e^(2πi·jk/n).
 * @throws ShapeError as `fft` does
 */
export function ifft(x: ComplexLike, options?: FourierOptions): Complex {
	return transform("ifft", x, options, true);
}

/**
 * The first ⌊n/2⌋ + 1 numbers of the Fourier transform of real numbers, in half the time of `fft`:
 * the others are conjugate to these.
 * @throws ShapeError as `fft` does
 */
export function rfft(x: TensorLike, options?: FourierOptions): Complex {
	const { n, axis = -1, norm = "backward" } = checkOptions("rfft", options, OPTIONS);
	const [re] = alignArguments("rfft", [x], floating);
	const along = normalizeAxis("rfft", axis, re!.rank);
	return calledAs("rfft", () =>
		rows(realDft(lines("rfft", re!, along, n ?? re!.shape[along]!), { norm }), along),
	);
}

/**
 * The n real numbers of which `rfft` gives this; n is 2·(m − 1) for m numbers unless said, so say
 * it where it is odd. Imaginary parts of the first number and, where n is even, the last one have
 * no influence.
 * @throws ShapeError as `fft` does, and for a single number without `n`
 */
export function irfft(x: ComplexLike, options?: FourierOptions): Tensor {
	const { n, axis = -1, norm = "backward" } = checkOptions("irfft", options, OPTIONS);
	const { re, im } = partsOf("irfft", x);
	const along = normalizeAxis("irfft", axis, re.rank);
	const size = n ?? 2 * (re.shape[along]! - 1);
	if (size < 1) {
		throw new ShapeError(
			`irfft: expected two numbers or more along axis ${along} of ${showShape(re.shape)}, or n`,
		);
	}
	return calledAs("irfft", () => {
		const parts = [re, im].map((part) => lines("irfft", part, along, Math.floor(size / 2) + 1));
		return moveAxis(dftToReal(stack(parts, -2), size, { doubled: true, norm }), -1, along);
	});
}

function transform2(
	op: string,
	x: ComplexLike,
	options: Fourier2Options | undefined,
	inverse: boolean,
): Complex {
	const { shape, axes = [-2, -1], norm } = checkOptions(op, options, OPTIONS2);
	const { re, im } = partsOf(op, x);
	const [first, second] = axes.map((axis) => normalizeAxis(op, axis, re.rank));
	if (first === second) {
		throw new ShapeError(`${op}: expected two axes, got ${axes[0]} and ${axes[1]}`);
	}
	const once = (z: Complex, i: 0 | 1) =>
		transform(op, z, { n: shape?.[i], axis: axes[i], norm }, inverse);
	return once(once({ re, im }, 1), 0);
}

/**
 * The Fourier transform along two axes, one after the other, as NumPy's `np.fft.fft2`.
 * @throws ShapeError as `fft` does, and where the two axes are one
 */
export function fft2(x: ComplexLike, options?: Fourier2Options): Complex {
	return transform2("fft2", x, options, false);
}

/**
 * The inverse of `fft2`.
 * @throws ShapeError as `fft2` does
 */
export function ifft2(x: ComplexLike, options?: Fourier2Options): Complex {
	return transform2("ifft2", x, options, true);
}
