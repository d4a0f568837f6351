import { cond } from "../control/cond.ts";
import { loopWhile } from "../control/while-loop.ts";
import { full } from "../core/create.ts";
import type { Tensor } from "../core/tensor.ts";
import { abs, add, div, mul, sign, sqrt, sub } from "../ops/arithmetic.ts";
import {
	equal,
	greater,
	greaterEqual,
	less,
	lessEqual,
	logicalAnd,
	logicalNot,
	logicalOr,
	where,
} from "../ops/comparison.ts";
import { CURVATURE, DECREASE, EVALUATIONS } from "./line-search.ts";

/** A point on the line, as `Point`; float64 scalars. */
export interface LinePoint {
	readonly t: Tensor;
	readonly value: Tensor;
	readonly slope: Tensor;
}

/** A point, and the gradient of the function there. */
export interface LineSample<Gradient> extends LinePoint {
	readonly gradient: Gradient;
}

/**
 * What `lineSearch` finds, as a loop that can be part of a program: the start where no point is
 * better, or where the line does not descend.
 */
export function recordedSearch<G>(
	evaluate: (t: Tensor) => LineSample<G>,
	start: LineSample<G>,
	first: Tensor,
): LineSample<G> {
	const wanted = mul(start.slope, DECREASE);
	const flat = mul(start.slope, -CURVATURE);
	// Between `low`, the best point, and `high` there is one that will do. As long as none is known
	// to be too far, `high` is at infinity, and steps grow.
	const begin = {
		t: first,
		low: start,
		high: { ...pointOf(start), t: full([], Number.POSITIVE_INFINITY) },
		done: logicalNot(less(start.slope, 0)),
	};
	const next = ({ t, low, high }: typeof begin): typeof begin => {
		const p = evaluate(t);
		const isBounded = less(high.t, Number.POSITIVE_INFINITY);
		const isRising = logicalAnd(
			greaterEqual(p.value, low.value),
			logicalOr(isBounded, greater(low.t, 0)),
		);
		const falls = lessEqual(p.value, add(start.value, mul(t, wanted)));
		const isTooFar = logicalOr(logicalNot(falls), isRising);
		const isBeyond = greaterEqual(mul(p.slope, sub(high.t, low.t)), 0);
		const [best, limit] = cond(
			isTooFar,
			() => [low, pointOf(p)] as const,
			() =>
				[
					p,
					cond(
						isBeyond,
						() => pointOf(low),
						() => high,
					),
				] as const,
		);
		const isFlat = logicalAnd(logicalNot(isTooFar), lessEqual(abs(p.slope), flat));
		return {
			t: cond(
				less(limit.t, Number.POSITIVE_INFINITY),
				() => between(best, limit),
				() => mul(t, 2),
			),
			low: best,
			high: limit,
			done: logicalOr(isFlat, equal(best.t, limit.t)),
		};
	};
	const goesOn = ({ done }: typeof begin) => logicalNot(done);
	// Where values are known it is a plain loop, in which the function may look at them.
	return loopWhile(goesOn, next, begin, { max: EVALUATIONS }, false).low;
}

function pointOf({ t, value, slope }: LinePoint): LinePoint {
	return { t, value, slope };
}

/**
 * Where the cubic through both values and slopes has its minimum; the middle if that is no use or
 * too near to an end.
 */
function between(a: LinePoint, b: LinePoint): Tensor {
	const middle = div(add(a.t, b.t), 2);
	const width = sub(b.t, a.t);
	const d = sub(add(a.slope, b.slope), div(mul(3, sub(b.value, a.value)), width));
	const root = mul(sqrt(sub(mul(d, d), mul(a.slope, b.slope))), sign(width));
	const share = div(sub(add(b.slope, root), d), add(sub(b.slope, a.slope), mul(2, root)));
	const t = sub(b.t, mul(width, share));
	// Of a value that is not finite comes NaN, which fails this test too.
	return where(lessEqual(abs(sub(t, middle)), mul(0.4, abs(width))), t, middle);
}
