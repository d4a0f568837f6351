import * as kind from "../../core/argument-kinds.ts";
import { asTensor, vector } from "../../core/lift.ts";
import { checkArgument } from "../../core/options.ts";
import { type Axes, normalizeAxes } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { roll } from "../arranging.ts";

/**
 * The frequencies to which the n numbers of `fft` belong, for samples that are `spacing` apart: 0,
 * 1, … and then the negative ones, over n·spacing; as NumPy's `fftfreq`. Float64.
 * @throws DomainError for an n that is not a whole number from 1, or a spacing that is not above 0
 */
export function fftFrequencies(n: number, spacing = 1): Tensor {
	checkArgument("fftFrequencies", "n", n, kind.count);
	checkArgument("fftFrequencies", "the spacing", spacing, kind.positive);
	const positive = Math.ceil(n / 2);
	return vector(Array.from({ length: n }, (_, k) => (k < positive ? k : k - n) / (n * spacing)));
}

/**
 * The same for the ⌊n/2⌋ + 1 numbers that `rfft` gives of n; as NumPy's `rfftfreq`.
 * @throws DomainError for an n that is not a whole number from 1, or a spacing that is not above 0
 */
export function rfftFrequencies(n: number, spacing = 1): Tensor {
	checkArgument("rfftFrequencies", "n", n, kind.count);
	checkArgument("rfftFrequencies", "the spacing", spacing, kind.positive);
	return vector(Array.from({ length: Math.floor(n / 2) + 1 }, (_, k) => k / (n * spacing)));
}

/** Each of the axes turned by a part of its size. */
function turned(
	op: string,
	x: TensorLike,
	axes: Axes | undefined,
	by: (size: number) => number,
): Tensor {
	const t = asTensor(op, x);
	const along = normalizeAxes(op, axes, t.rank);
	return roll(
		t,
		along.map((axis) => by(t.shape[axis]!)),
		along,
	);
}

/**
 * A part of what `fft` gives with the number of frequency 0 in the middle of the axes (all of them
 * when none are given), as NumPy's `fftshift`.
 * @throws ShapeError for an axis out of range or given twice
 */
export function fftShift(x: TensorLike, axes?: Axes): Tensor {
	return turned("fftShift", x, axes, (size) => Math.floor(size / 2));
}

/**
 * The inverse of `fftShift`.
 * @throws ShapeError for an axis out of range or given twice
 */
export function ifftShift(x: TensorLike, axes?: Axes): Tensor {
	return turned("ifftShift", x, axes, (size) => -Math.floor(size / 2));
}
