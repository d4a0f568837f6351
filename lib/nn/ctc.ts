import { scan } from "../control/scan.ts";
import * as kind from "../core/argument-kinds.ts";
import { arange, full } from "../core/create.ts";
import { ShapeError } from "../core/error.ts";
import { checkArgument, type OptionKinds } from "../core/options.ts";
import { type Shape, sameShape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, clip, maximum, mul, neg } from "../ops/arithmetic.ts";
import {
	equal,
	greater,
	greaterEqual,
	less,
	lessEqual,
	logicalAnd,
	logicalOr,
	notEqual,
	where,
} from "../ops/comparison.ts";
import { logAddExp } from "../ops/exponential.ts";
import { takeAlongAxis } from "../ops/indexing.ts";
import { concat, stack } from "../ops/joining.ts";
import { pad } from "../ops/padding.ts";
import { logSumExp } from "../ops/reductions.ts";
import { slice } from "../ops/slicing.ts";
import { logSoftmax } from "../ops/softmax.ts";
import { expandDims, permute, reshape } from "../structure/layout.ts";
import { LOSS_OPTIONS, type LossOptions, loss } from "./loss.ts";

/** Options of `ctcLoss`. */
export interface CtcOptions extends LossOptions {
	/** How many places of each input are there, int32 (samples); left out: all. */
	readonly inputLengths?: Tensor;
	/** How many labels each sample has, int32 (samples); left out: all. */
	readonly labelLengths?: Tensor;
	/** The class that stands for no label; left out: 0. */
	readonly blank?: number;
}

const CTC_OPTIONS: OptionKinds<CtcOptions> = {
	...LOSS_OPTIONS,
	inputLengths: kind.aTensor,
	labelLengths: kind.aTensor,
	blank: kind.whole,
};

/** The logarithm that stands for that of 0: finite in float32, also where some are added. */
const FAR_BELOW = -1e30;

/**
 * −log P(labels), of each sample, where it is not known at which place of the input a label stands:
 * P is the sum over all ways to write a class at each place of which the labels are left when equal
 * neighbours are joined and blanks taken out (A. Graves and others, "Connectionist temporal
 * classification", 2006). Logits are (samples×time×classes), labels int32 (samples×labels); what
 * lies beyond the lengths may be anything. The sums are made of logarithms in one loop over the
 * time. Where there is no such way the loss is ∞ and its gradient 0; a length that does not fit
 * gives NaN. The mean is over the samples: PyTorch's divides each loss by the number of labels
 * first.
 * @throws ShapeError for logits, labels or lengths of another shape
 * @throws DomainError for a label that is the blank, or not from 0 to classes − 1
 */
export function ctcLoss(logits: Tensor, labels: Tensor, options: CtcOptions = {}): Tensor {
	return loss("ctcLoss", options, CTC_OPTIONS, () => {
		checkShapes(logits, labels);
		const [samples, time, classes] = logits.shape as [number, number, number];
		const places = labels.shape[1]!;
		const { blank = 0 } = options;
		if (blank >= classes) {
			throw new ShapeError(`loss: expected a blank below ${classes}, the classes, got ${blank}`);
		}
		const inputLengths = lengthsOf("inputLengths", options.inputLengths, samples, time);
		const labelLengths = lengthsOf("labelLengths", options.labelLengths, samples, places);

		const states = statesOf(known(labels, labelLengths, blank, classes), blank);
		const isThere = less(numbers(time), expandDims(inputLengths, 1));
		const p = maximum(logSoftmax(where(expandDims(isThere, 2), logits, 0)), FAR_BELOW);
		const ofStates = takeAlongAxis(p, expandDims(states, 1), -1);
		const last = forward(permute(ofStates, [1, 0, 2]), maySkip(states, blank), inputLengths);
		// The end is the last label or the blank behind it; without labels it is the blank alone.
		const end = mul(2, clip(labelLengths, 0, places));
		const ends = takeAlongAxis(behind(last, 1), stack([end, add(end, 1)], -1), -1);
		const losses = neg(logSumExp(ends, -1));
		const isNever = greater(losses, -FAR_BELOW / 10);
		const fit = logicalAnd(within(inputLengths, time), within(labelLengths, places));
		return where(fit, where(isNever, Number.POSITIVE_INFINITY, losses), Number.NaN);
	});
}

/** The labels of each sample with the blank behind the last; those that cannot be have no index. */
function known(labels: Tensor, lengths: Tensor, blank: number, classes: number): Tensor {
	const isThere = less(numbers(labels.shape[1]!), expandDims(lengths, 1));
	const isWrong = logicalOr(less(labels, 0), equal(labels, blank));
	return where(isThere, where(isWrong, classes, labels), blank);
}

/** Labels (samples×n) with blanks between and around them: (samples×(2n + 1)). */
function statesOf(labels: Tensor, blank: number): Tensor {
	const [samples, n] = labels.shape as [number, number];
	const blanks = (count: number) => full([samples, count], blank, { dtype: "int32" });
	const pairs = reshape(stack([blanks(n), labels], -1), [samples, 2 * n]);
	return concat([pairs, blanks(1)], -1);
}

/** Whether a state may follow the one before the last: a label that differs from the one before. */
function maySkip(states: Tensor, blank: number): Tensor {
	const before = pad(
		states,
		[
			[0, 0],
			[2, 0],
		],
		{ value: blank },
	);
	const beforeLast = slice(before, null, [0, states.shape[1]!]);
	return logicalAnd(notEqual(states, blank), notEqual(states, beforeLast));
}

/**
 * The logarithm of the probability of all ways that end in each state, (samples×states), where each
 * sample ends; of those of single states, (time×samples×states). Before the first place all stand
 * in the first state.
 */
function forward(ofStates: Tensor, skips: Tensor, inputLengths: Tensor): Tensor {
	const [, samples, count] = ofStates.shape as [number, number, number];
	const { dtype } = ofStates;
	const first = full([samples, 1], 0, { dtype });
	const start = concat([first, full([samples, count - 1], FAR_BELOW, { dtype })], -1);
	const from = (ways: Tensor, n: number) => slice(behind(ways, n), null, [0, count]);
	const [last] = scan(
		(ways: Tensor, here: Tensor, t: Tensor) => {
			const near = logAddExp(ways, from(ways, 1));
			const skipped = where(skips, from(ways, 2), FAR_BELOW);
			const next = add(logAddExp(near, skipped), here);
			return [where(less(t, expandDims(inputLengths, 1)), next, ways), null] as const;
		},
		start,
		ofStates,
	);
	return last;
}

/** Logarithms (samples×states) behind n of probability 0. */
function behind(ways: Tensor, n: number): Tensor {
	return pad(
		ways,
		[
			[0, 0],
			[n, 0],
		],
		{ value: FAR_BELOW },
	);
}

function within(lengths: Tensor, most: number): Tensor {
	return logicalAnd(greaterEqual(lengths, 0), lessEqual(lengths, most));
}

function numbers(count: number): Tensor {
	return arange(0, count, 1, { dtype: "int32" });
}

function lengthsOf(name: string, given: Tensor | undefined, samples: number, all: number): Tensor {
	if (given === undefined) return full([samples], all, { dtype: "int32" });
	checkInt32(name, given, [samples]);
	return given;
}

function checkShapes(logits: Tensor, labels: Tensor): void {
	checkArgument("loss", "the logits", logits, kind.aTensor);
	checkArgument("loss", "the labels", labels, kind.aTensor);
	if (logits.rank !== 3) {
		throw new ShapeError(
			`loss: expected logits (samples×time×classes), got ${showShape(logits.shape)}`,
		);
	}
	checkInt32("labels", labels, [logits.shape[0]!, labels.shape.at(-1) ?? 0]);
}

function checkInt32(name: string, { dtype, shape }: Tensor, expected: Shape): void {
	if (dtype === "int32" && sameShape(shape, expected)) return;
	throw new ShapeError(
		`loss: expected ${name} as int32 ${showShape(expected)}, got ${dtype} ${showShape(shape)}`,
	);
}
