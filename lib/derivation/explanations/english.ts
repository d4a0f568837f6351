import type { StepContext, Words } from "./context.ts";

/** The differential and its transpose, as the end of a sentence. */
function both({ formulas, outTangent, gradient }: StepContext): [string, string] {
	if (formulas === null) return ["the op's own linear map", "its transpose"];
	return [`$${outTangent} = ${formulas.differential}$`, `$${gradient} = ${formulas.transposed}$`];
}

/** The words of the explanations in English. */
export const english: Words = {
	rules: {
		elementwise: (c) => {
			const [forward, backward] = both(c);
			return [
				`Each element of $${c.out}$ depends only on the element of $${c.arg}$ at the same place, so a small change is scaled by the partial derivative there: ${forward}. Scaling each element by itself is its own transpose, so the gradient is scaled by the same factors: ${backward}.`,
			];
		},
		choice: (c) => {
			const [forward, backward] = both(c);
			return [
				`A change of $${c.arg}$ is passed on where it is the one chosen, and goes nowhere else: ${forward}. The bracket is a mask, 1 where its condition holds and 0 elsewhere; a mask is its own transpose, so it is laid over the gradient: ${backward}.`,
			];
		},
		reduction: (c) => {
			const [forward, backward] = both(c);
			return [
				`Every element of $${c.arg}$ counts in the total with its own weight: ${forward}. The transpose of a weighted sum hands the gradient of the total back to each element, times its weight (the transpose of a sum is a broadcast): ${backward}.`,
			];
		},
		stretch: (c) => {
			const [, backward] = both(c);
			return [
				`$${c.arg}$ is repeated to fit, from $${c.shape}$ to $${c.outShape}$, so each of its elements acts in several places. Its gradient is the sum of the gradients at those places (the transpose of a broadcast is a sum): ${backward}.`,
			];
		},
		arrangement: (c) => {
			const [forward, backward] = both(c);
			return [
				`Elements are only put in other places, nothing is computed, so the differential is the same arrangement: ${forward}. The transpose takes each element of the gradient back to where it came from: ${backward}.`,
			];
		},
		matrixProduct: (c) => {
			const [forward, backward] = both(c);
			const isLeft = c.argument === 0;
			const [fixed, side] = isLeft ? [c.args[1], "right"] : [c.args[0], "left"];
			const product = `The product is linear in each factor. With $${fixed}$ held fixed, ${forward}: the change is multiplied by $${fixed}$ from the ${side}. Reverse mode applies the transpose of this map, and the transpose of multiplying by a matrix is multiplying by the transposed matrix: ${backward}.`;
			if (c.product === null) return [product];
			const elements = isLeft
				? "Element by element, with $Y = X\\,W$: $y_{ij} = \\sum_{k} x_{ik}\\,w_{kj}$. The element $x_{mn}$ occurs in $y_{mj}$ for every $j$, with the factor $w_{nj}$. So $\\frac{\\partial L}{\\partial x_{mn}} = \\sum_{j} \\frac{\\partial L}{\\partial y_{mj}}\\,w_{nj}$, which is the element $(m, n)$ of $\\frac{\\partial L}{\\partial Y}\\,W^{\\top}$."
				: "Element by element, with $Y = X\\,W$: $y_{ij} = \\sum_{k} x_{ik}\\,w_{kj}$. The element $w_{mn}$ occurs in $y_{in}$ for every $i$, with the factor $x_{im}$. So $\\frac{\\partial L}{\\partial w_{mn}} = \\sum_{i} x_{im}\\,\\frac{\\partial L}{\\partial y_{in}}$, which is the element $(m, n)$ of $X^{\\top}\\,\\frac{\\partial L}{\\partial Y}$.";
			return [product, elements];
		},
		bilinear: (c) => {
			const [forward, backward] = both(c);
			return [
				`It is a product, linear in each factor. With the other one held fixed, ${forward}; the transpose of this map gives ${backward}.`,
			];
		},
		linear: (c) => {
			const [forward, backward] = both(c);
			return [
				`The op is linear, so it is its own differential: ${forward}. Reverse mode applies its transpose: ${backward}.`,
			];
		},
		own: (c) => {
			const [forward, backward] = both(c);
			return [`The differential is ${forward}; its transpose gives ${backward}.`];
		},
	},
	identity: (c) => [
		`A change of $${c.arg}$ passes through as it is, $${c.outTangent} = ${c.tangent}$, and so does the gradient: $${c.gradient} = ${c.cotangent}$.`,
	],
	call: (call, part, isByHand) =>
		isByHand
			? `$${part}$ was made by a function with ${call}: what goes back is the gradient that was given with it, which need not be the derivative of this line.`
			: `$${part}$ was made by a function with ${call}, and its gradient is taken back through the whole of it at once.`,
	shapes: ({ left, right, result }) =>
		`The shapes fit in this order only: $(${left}) \\cdot (${right}) = ${result}$, the shape of the factor itself.`,
	from: (line, parts) =>
		parts.length === 0
			? `From the line $${line}$.`
			: `From the line $${line}$, with ${parts.map((part) => `$${part}$`).join(" and ")}.`,
	fanOut: (of, times) =>
		`$${of}$ is used in ${times} places. A change of it acts through each of them, so the shares of its gradient add up.`,
	together: (line) => `Together: $${line}$.`,
	unused: (of) => `The result does not depend on $${of}$, so its gradient is zero.`,
	term: "A term that later lines share, computed once.",
	again: (c) => {
		const [forward, backward] = both(c);
		return `As before: ${forward}, transposed ${backward}.`;
	},
};
