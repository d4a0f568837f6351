import { DomainError } from "../../core/error.ts";
import { asTensor, type Binary, floating, type Unary } from "../../core/lift.ts";
import { apply, defineOp, type Op, type OpFunction } from "../../core/op.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { elementwise, elementwiseOp } from "../../kinds/elementwise.ts";
import { betaLogarithm, polygammaFormula } from "../../scalar/gamma-formulas.ts";
import * as s from "../../scalar/index.ts";
import { add, sub } from "../arithmetic.ts";

/**
 * log |Γ(x)|, elementwise; ∞ at 0, −1, −2, … and at ±∞. For positive x to 5 units in the last
 * place, near the zeros at 1 and 2 too; for negative x to 5 units of the greater of 1 and its size.
 * The derivative is `digamma`.
 */
export const lgamma: Unary<"lgamma"> = elementwise(1, {
	name: "lgamma",
	formula: (x) => s.lgamma(x),
	partials: [(x) => digamma(x)],
	dtype: floating,
	domain: [{ min: 0.5, max: 4 }],
	latex: (x) => `\\log \\Gamma(${x})`,
	print: (x) => `gammaln(${x})`,
	traits: { finite: ([x]) => x === "positive" },
});

/**
 * ψ(x) = Γ′(x) / Γ(x), the derivative of `lgamma`, elementwise; −∞ at 0, and NaN at −1, −2, …, as
 * in SciPy. For positive x to 5 units in the last place, near its zero at 1.46 too; for negative x
 * to 5 units of the greater of its terms ψ(1 − x) and π/tan πx.
 */
export const digamma: Unary<"digamma"> = elementwise(1, {
	name: "digamma",
	formula: (x) => s.digamma(x),
	partials: [(x) => polygamma(1, x)],
	dtype: floating,
	domain: [{ min: 0.5, max: 4 }],
	latex: (x) => `\\psi(${x})`,
	print: (x) => `digamma(${x})`,
	traits: { finite: ([x]) => x === "positive" },
});

const orders = /* @__PURE__ */ new Map<number, Op<"polygamma", null>>();

/** The op of an order from 1, made when it is first needed. */
/* @__NO_SIDE_EFFECTS__ */
function polygammaOp(order: number): Op<"polygamma", null> {
	const made = orders.get(order) ?? {
		...elementwiseOp(1, {
			name: "polygamma",
			formula: (x) => polygammaFormula(order, x),
			partials: [(x) => polygamma(order + 1, x)],
			dtype: floating,
			domain: [{ min: 0.5, max: 4 }],
			latex: (x) => `\\psi^{(${order})}(${x})`,
			print: (x) => `polygamma(${order}, ${x})`,
			traits: { finite: ([x]) => x === "positive", ...(order === 1 && { sign: () => "positive" }) },
		}),
		typescript: ([x]: readonly string[]) => `polygamma(${order}, ${x})`,
	};
	orders.set(order, made);
	return made;
}

/** The greatest order, of which the factorial is a float64. */
const GREATEST_ORDER = 169;

/**
 * The derivative of this order of `digamma`, elementwise: polygamma(0, x) is ψ(x), polygamma(1, x)
 * the trigamma function. At 0, −1, −2, … it is ∞ for odd orders and −∞ for even ones. By the series
 * of Euler and Maclaurin, to 8 units in the last place for positive x and orders up to 4; for
 * negative x by reflection. The derivative is that of the next order.
 * @throws DomainError when the order is not a whole number from 0 to 169
 */
export const polygamma: OpFunction<"polygamma", (order: number, x: TensorLike) => Tensor> =
	defineOp(polygammaOp(1), (order: number, x: TensorLike): Tensor => {
		if (!Number.isInteger(order) || order < 0 || order > GREATEST_ORDER) {
			throw new DomainError(
				`polygamma: expected an order that is a whole number from 0 to ${GREATEST_ORDER}, got ${String(order)}`,
			);
		}
		const value = asTensor("polygamma", x);
		return order === 0 ? digamma(value) : apply(polygammaOp(order), [value], null);
	});

/**
 * log B(x, y) = lgamma(x) + lgamma(y) − lgamma(x + y) for x, y ≥ 0, elementwise, without what is
 * lost in the difference where one or both are large; ∞ where one is 0 and NaN below. Arguments
 * broadcast. The derivatives are differences of `digamma`, to a few units of the greater one.
 */
export const betaln: Binary<"betaln"> = elementwise(2, {
	name: "betaln",
	formula: betaLogarithm,
	partials: [
		(x, y) => sub(digamma(x), digamma(add(x, y))),
		(x, y) => sub(digamma(y), digamma(add(x, y))),
	],
	dtype: floating,
	domain: [
		{ min: 0.5, max: 4 },
		{ min: 0.5, max: 4 },
	],
	latex: (x, y) => `\\log B(${x}, ${y})`,
	print: (x, y) => `gammaln(${x}) + gammaln(${y}) - gammaln(${x} + ${y})`,
	traits: { finite: ([x, y]) => x === "positive" && y === "positive" },
});
