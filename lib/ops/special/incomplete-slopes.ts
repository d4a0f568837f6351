import { allocate, commonDType } from "../../core/dtype.ts";
import { GradientError } from "../../core/error.ts";
import { alike } from "../../core/lead.ts";
import { type Binary, floating, type Ternary } from "../../core/lift.ts";
import { apply, type Draw, defineOp, type Op, type OpFunction } from "../../core/op.ts";
import type { Data } from "../../core/params.ts";
import { elements } from "../../core/strided.ts";
import { Tensor, type TensorLike } from "../../core/tensor.ts";
import { incompleteBeta } from "../../kernels/incomplete-beta.ts";
import { lowerGamma, lowerGammaSlope, upperGamma } from "../../kernels/incomplete-gamma.ts";
import { alignArguments } from "../../kinds/align.ts";
import { functionCall } from "../../notation/call.ts";
import { add, mul, neg, sub } from "../arithmetic.ts";
import { astype } from "../cast.ts";
import { exp, log, log1p } from "../exponential.ts";
import { scale } from "../masks.ts";
import { betaln, lgamma, polygamma } from "./gamma.ts";
import { xlogy } from "./logarithms.ts";

// The incomplete gamma and beta functions are loops of as many steps as an element needs, so that
// they are no formulas: a kernel computes each number. Their derivatives by x are densities, made
// of other ops.

/** The record of an op of numbers: besides, the function that a kernel computes. */
type NumbersOp<Name extends string, P extends Data> = Omit<Op<Name, P>, "infer" | "evaluate"> & {
	readonly of: (x: number, y: number, z: number, params: P) => number;
};

/** An op that a kernel computes number by number. */
/* @__NO_SIDE_EFFECTS__ */
function ofNumbers<Name extends string, P extends Data, F extends object>(
	{ of, ...rest }: NumbersOp<Name, P>,
	call: F,
): OpFunction<Name, F> {
	const op: Op<Name, P> = {
		lead: alike,
		...rest,
		infer: (inputs) => {
			const common = inputs.map((x) => x.dtype).reduce((p, q) => commonDType(rest.name, p, q));
			return { shape: inputs[0]!.shape, dtype: floating.result(common) };
		},
		evaluate: (inputs, params, { shape, dtype }) => {
			const [x, y, z] = inputs.map(elements);
			const out = allocate(dtype, x!.length);
			for (let i = 0; i < out.length; i++) out[i] = of(x![i]!, y![i]!, z?.[i] ?? 0, params);
			return new Tensor(out, dtype, shape);
		},
	};
	return defineOp(op, call);
}

/** Arguments of the incomplete gamma functions to try them on. */
function positivePair(draw: Draw) {
	const shape = draw.shape();
	return { inputs: [draw.tensor(shape, positive), draw.tensor(shape, positive)], params: null };
}

/** xᵃ⁻¹·e⁻ˣ / Γ(a) */
export function gammaDensity(a: TensorLike, x: TensorLike): Tensor {
	return exp(sub(sub(xlogy(sub(a, 1), x), x), lgamma(a)));
}

/** Its derivative of an order by a: (fₙ) = Σ C(n − 1, k)·fₖ·gₙ₋ₖ, where g is its logarithm. */
function gammaDensitySlope(a: Tensor, x: Tensor, order: number): Tensor {
	const slopes = [gammaDensity(a, x)];
	for (let n = 1; n <= order; n++) {
		let choose = 1;
		const terms = slopes.map((f, k) => {
			const m = n - k - 1;
			const part = m === 0 ? sub(log(x), polygamma(0, a)) : neg(polygamma(m, a));
			const term = mul(choose, scale(f, part));
			choose = (choose * (n - 1 - k)) / (k + 1);
			return term;
		});
		slopes.push(terms.reduce((sum, term) => add(sum, term)));
	}
	return slopes[order]!;
}

/** xᵃ⁻¹·(1 − x)ᵇ⁻¹ / B(a, b) */
export function betaDensity(a: TensorLike, b: TensorLike, x: TensorLike): Tensor {
	const rest = mul(sub(b, 1), log1p(neg(x)));
	return exp(sub(add(xlogy(sub(a, 1), x), rest), betaln(a, b)));
}

/** Arguments in the dtype of the result: whole numbers may stand beside floats. */
const alikeTo = (out: Tensor, inputs: readonly Tensor[]) =>
	inputs.map((x) => astype(x, out.dtype)) as [Tensor, Tensor, Tensor];

const positive = { min: 0.5, max: 4 };

/**
 * P(a, x) = 1/Γ(a) · ∫₀ˣ tᵃ⁻¹·e⁻ᵗ dt for a, x ≥ 0, elementwise: the distribution function of the
 * gamma distribution; NaN for negative arguments. Arguments broadcast. By its series and by
 * Legendre's continued fraction, chosen as in Cephes, to 4e−13 where that is above 1e−100. ∂x is
 * the density, and ∂a, of any order, comes from the same series, differentiated term by term (R. J.
 * Moore, "Algorithm AS 187", 1982). The steps for an element grow with √a.
 */
export const gammainc: Binary<"gammainc"> = ofNumbers(
	{
		name: "gammainc",
		of: lowerGamma,
		differential: (i, [a, x]) => (i === 0 ? gammaincSlope(a!, x!, 1) : gammaDensity(a!, x!)),
		latex: ([a, x]) => `P(${a}, ${x})`,
		typescript: (args) => functionCall("gammainc", args),
		print: ([a, x]) => `gammainc(${a}, ${x})`,
		sample: positivePair,
	},
	(a: TensorLike, x: TensorLike): Tensor =>
		apply(gammainc.op, alignArguments("gammainc", [a, x], floating), null),
);

/** Q(a, x) = 1 − P(a, x), elementwise, also where it is tiny; otherwise as `gammainc`. */
export const gammaincc: Binary<"gammaincc"> = ofNumbers(
	{
		name: "gammaincc",
		of: upperGamma,
		differential: (i, [a, x]) => neg(i === 0 ? gammaincSlope(a!, x!, 1) : gammaDensity(a!, x!)),
		latex: ([a, x]) => `Q(${a}, ${x})`,
		typescript: (args) => functionCall("gammaincc", args),
		print: ([a, x]) => `1 - gammainc(${a}, ${x})`,
		sample: positivePair,
	},
	(a: TensorLike, x: TensorLike): Tensor =>
		apply(gammaincc.op, alignArguments("gammaincc", [a, x], floating), null),
);

/** The derivative by a, of an order from 1, of `gammainc`, elementwise. */
export const gammaincSlope: OpFunction<
	"gammaincSlope",
	(a: Tensor, x: Tensor, order: number) => Tensor
> = ofNumbers(
	{
		name: "gammaincSlope",
		of: (a, x, _, { order }: { order: number }) => lowerGammaSlope(a, x, order),
		differential: (i, [a, x], _, { order }) =>
			i === 0 ? gammaincSlope(a!, x!, order + 1) : gammaDensitySlope(a!, x!, order),
		latex: ([a, x], { order }) => `\\partial_{a}${order === 1 ? "" : `^{${order}}`} P(${a}, ${x})`,
		typescript: (args, { order }) => functionCall("gammaincSlope", args, order),
		print: ([a, x], { order }) => `gammainc(${a}, ${x}, ${order})`,
		sample: (draw) => ({ ...positivePair(draw), params: { order: draw.integer(1, 2) } }),
	},
	(a: Tensor, x: Tensor, order: number): Tensor => apply(gammaincSlope.op, [a, x], { order }),
);

/**
 * I(a, b, x) = 1/B(a, b) · ∫₀ˣ tᵃ⁻¹·(1 − t)ᵇ⁻¹ dt for a, b ≥ 0 and 0 ≤ x ≤ 1, elementwise: the
 * distribution function of the beta distribution; NaN elsewhere. Arguments broadcast. By its
 * continued fraction, to 1e−12 for a and b up to 1e4. ∂x is the density; derivatives by a and b are
 * refused.
 * @throws GradientError where a derivative by a or b is asked for
 */
export const betainc: Ternary<"betainc"> = ofNumbers(
	{
		name: "betainc",
		of: incompleteBeta,
		differential: (i, inputs, out) => {
			if (i === 2) return betaDensity(...alikeTo(out, inputs));
			throw new GradientError(
				`betainc: there is no derivative by its ${i === 0 ? "first" : "second"} argument, only by x; stopGradient(${i === 0 ? "a" : "b"}) says that it is fixed`,
			);
		},
		latex: ([a, b, x]) => `I_{${x}}(${a}, ${b})`,
		typescript: (args) => functionCall("betainc", args),
		print: ([a, b, x]) => `betainc(${a}, ${b}, ${x})`,
		sample: (draw) => {
			const shape = draw.shape();
			// Of whole numbers no derivative is asked for.
			const whole = () => astype(draw.tensor(shape, { min: 1, max: 4 }), "int32");
			return {
				inputs: [whole(), whole(), draw.tensor(shape, { min: 0.125, max: 0.875 })],
				params: null,
			};
		},
	},
	(a: TensorLike, b: TensorLike, x: TensorLike): Tensor =>
		apply(betainc.op, alignArguments("betainc", [a, b, x], floating), null),
);
