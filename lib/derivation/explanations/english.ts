import type { StepContext, Words } from "./context.ts";

/** The differential and its transpose, as the end of a sentence. */
function both({ formulas, outTangent, gradient }: StepContext): [string, string] {
	if (formulas === null) return ["the op's own linear map", "its transpose"];
	return [`$${outTangent} = ${formulas.differential}$`, `$${gradient} = ${formulas.transposed}$`];
}

/** "a", "a and b", "a, b and c" */
function list(parts: readonly string[]): string {
	const texts = parts.map((part) => `$${part}$`);
	return texts.length < 2 ? texts.join() : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

function count(n: number): string {
	return NUMBERS[n] ?? String(n);
}

function times(n: number): string {
	return n === 2 ? "twice" : `${count(n)} times`;
}

function own(c: StepContext): string {
	const [forward, backward] = both(c);
	if (c.isSymmetric) {
		return `The differential is ${forward}. This map is its own transpose, since its matrix is symmetric. So the gradient goes back by the same formula: ${backward}.`;
	}
	return `The differential is ${forward}. A small change of the loss is the sum of all elements of $${c.outTangent}$, each times its gradient. Put the differential into this sum and collect what each element of $${c.tangent}$ is multiplied by. That is its gradient (the transpose of the map): ${backward}.`;
}

function product(c: StepContext): readonly string[] {
	const [forward, backward] = both(c);
	const isLeft = c.argument === 0;
	const [fixed, side] = isLeft ? [c.args[1], "right"] : [c.args[0], "left"];
	if (c.factors === "vectors") {
		return [
			`This is a product of two vectors: elements at the same place are multiplied, and the products are added up. With $${fixed}$ held fixed, ${forward}. Each element of $${c.arg}$ is multiplied by the element of $${fixed}$ at the same place, so its gradient is that element times the gradient of the result: ${backward}.`,
		];
	}
	if (c.factors === "vector") {
		const sum = isLeft ? "y_{i} = \\sum_{j} a_{ij}\\,x_{j}" : "y_{j} = \\sum_{i} x_{i}\\,a_{ij}";
		const [result, factor] = isLeft ? ["y_{i}", "x_{j}"] : ["y_{j}", "x_{i}"];
		return [
			`The product is linear in each factor. With the vector $${fixed}$ held fixed, ${forward}. Element by element, for a matrix with elements $a_{ij}$ and a vector with elements $${factor}$: $${sum}$. The element $a_{ij}$ occurs in $${result}$ only, with the factor $${factor}$, so its gradient is $\\frac{\\partial L}{\\partial ${result}}\\,${factor}$. All of them together are the outer product of two vectors: ${backward}.`,
		];
	}
	const text = `The product is linear in each factor. With $${fixed}$ held fixed, ${forward}: the change is multiplied by $${fixed}$ from the ${side}. Going back, the gradient is multiplied by the transpose of $${fixed}$ from the same side: ${backward}.`;
	if (c.product === null) return [text];
	const elements = isLeft
		? "Why the transpose? Write the product as $Y = X\\,W$, element by element: $y_{ij} = \\sum_{k} x_{ik}\\,w_{kj}$. The element $x_{mn}$ occurs in $y_{mj}$ for every $j$, with the factor $w_{nj}$. So $\\frac{\\partial L}{\\partial x_{mn}} = \\sum_{j} \\frac{\\partial L}{\\partial y_{mj}}\\,w_{nj}$, which is the element $(m, n)$ of $\\frac{\\partial L}{\\partial Y}\\,W^{\\top}$."
		: "Why the transpose? Write the product as $Y = X\\,W$, element by element: $y_{ij} = \\sum_{k} x_{ik}\\,w_{kj}$. The element $w_{mn}$ occurs in $y_{in}$ for every $i$, with the factor $x_{im}$. So $\\frac{\\partial L}{\\partial w_{mn}} = \\sum_{i} x_{im}\\,\\frac{\\partial L}{\\partial y_{in}}$, which is the element $(m, n)$ of $X^{\\top}\\,\\frac{\\partial L}{\\partial Y}$.";
	return [text, elements];
}

/** A rule whose kind is known: what it is, and what it comes to. */
function known(what: string): (c: StepContext) => string {
	return (c) => {
		const [forward, backward] = both(c);
		return `${what}: ${forward}. So ${backward}.`;
	};
}

/** The words of the explanations in English. */
export const english: Words = {
	rules: {
		elementwise: (c) => {
			const [forward, backward] = both(c);
			if (c.isNumber) {
				return [
					`$${c.arg}$ and $${c.out}$ are numbers. A small change is multiplied by the derivative: ${forward}. The gradient is multiplied by the same factor: ${backward}.`,
				];
			}
			return [
				`Each element of $${c.out}$ depends only on the element of $${c.arg}$ at the same place. A small change is multiplied there by the partial derivative: ${forward}. The gradient is multiplied by the same factors: ${backward}.`,
			];
		},
		choice: (c) => {
			const [forward, backward] = both(c);
			return [
				`A change of an element of $${c.arg}$ is passed on only where that element is the one chosen: ${forward}. The factor beside the change is a mask: 1 where the element is chosen, 0 elsewhere. The gradient is multiplied by the same mask: ${backward}.`,
			];
		},
		reduction: (c) => {
			const [forward, backward] = both(c);
			return [
				`The changes of the elements of $${c.arg}$ are added up, each times a factor: ${forward}. So the gradient of each element is the gradient of the sum times its factor: ${backward}.`,
			];
		},
		stretch: (c) => {
			const [, backward] = both(c);
			return [
				`$${c.arg}$ is repeated by broadcasting, from the shape $${c.shape}$ to $${c.outShape}$. Each of its elements is used in several places, so its gradient is the sum of the gradients at those places (the transpose of a broadcast is a sum): ${backward}.`,
			];
		},
		arrangement: (c) => {
			const [forward, backward] = both(c);
			return [
				`The elements only move to other places, and so do their changes: ${forward}. The gradient of each element goes back to where the element came from: ${backward}.`,
			];
		},
		matrixProduct: product,
		bilinear: (c) => {
			const [forward, backward] = both(c);
			return [
				`This is a product, linear in each factor. With the other factor held fixed, ${forward}. The gradient goes back by the transpose of this linear map: ${backward}.`,
			];
		},
		linear: (c) => {
			const [forward, backward] = both(c);
			return [
				`This function is linear, so the change goes through the same function: ${forward}. The gradient goes back by its transpose: ${backward}.`,
			];
		},
		own: (c) => [own(c)],
	},
	alike: {
		elementwise: (c) =>
			known(
				c.isNumber
					? "These are numbers, too"
					: "This function, too, acts on each element by itself",
			)(c),
		choice: known("Here, too, only the chosen elements pass a change on"),
		reduction: known("Here, too, changes are added up, each times a factor"),
		stretch: known("This is a broadcast as well"),
		arrangement: known("Here, too, the elements only move to other places"),
		matrixProduct: known("This is a matrix product as well"),
		bilinear: known("This, too, is a product that is linear in each factor"),
		linear: known("This function is linear as well"),
		own,
	},
	identity: (c) => [
		`A change of $${c.arg}$ passes through unchanged: $${c.outTangent} = ${c.tangent}$. So does the gradient: $${c.gradient} = ${c.cotangent}$.`,
	],
	call: (call, part) =>
		`$${part}$ was made by a function with ${call}: what goes back is the gradient that was given with it, which need not be the derivative of this line.`,
	shapes: ({ left, right, result, isOnly }) =>
		`${isOnly ? "The shapes fit in this order only" : "The shapes fit"}: $(${left}) \\cdot (${right}) = ${result}$, the shape of the factor itself.`,
	from: (line, parts) =>
		parts.length === 0
			? `From the line $${line}$.`
			: `From the line $${line}$, with ${list(parts)}.`,
	found: (gradient, line) => `$${gradient}$ is known from an earlier line: it is $${line}$.`,
	fanOut: (of, n, sum) =>
		`$${of}$ is used in ${count(n)} places. A change of it acts through each of them, so its gradient is the sum of what comes back from each: $${sum}$.`,
	together: (line) => `By the chain rule, the steps together give $${line}$.`,
	simplified: (line) => `In short, $${line}$.`,
	earlier: (lines) =>
		`Here ${list(lines)} ${lines.length === 1 ? "is an earlier line" : "are earlier lines"}.`,
	received: (from, of, cotangent, index) =>
		({
			loop: `A loop uses $${of}$, and $${cotangent}$ comes back through it.`,
			nextStep: `The next step over $${index}$ uses $${of}$, and $${cotangent}$ comes back from there; at the last step it is what the loop backward starts from.`,
			outside: `$${of}$ is read outside of the loop too, and $${cotangent}$ comes back from there.`,
		})[from],
	start: (start, of, isWhole) =>
		isWhole
			? `The loop runs backward, so it starts from the gradient of $${of}$, what the last step gave.`
			: `The loop runs backward, so it starts from $${start}$: that part of the gradient of $${of}$ which comes back from the lines that read it after the last step.`,
	startsFromZero: (start) =>
		`The loop runs backward. Nothing comes back from behind its last step, so it starts from zero: $${start} = 0$.`,
	sumStart: (sum) => `$${sum}$ is a sum over all steps of the loop; it starts from zero.`,
	handedOn: (handed, of) =>
		`The step starts from $${of}$, which the step before gave it. What comes back to $${of}$ is handed back to that step: this is $${handed}$.`,
	usedAtEveryStep: (of, index) =>
		`Every step of the loop uses the same $${of}$. Here is what step $${index}$ alone gives to its gradient.`,
	sumOverSteps: (of, sum) =>
		`A change of $${of}$ acts through all steps, so their shares are added up: $${sum}$.`,
	unused: (of) => `The result does not depend on $${of}$, so its gradient is zero.`,
	term: ({ name, gradient, lines, uses }) => {
		const is = gradient === null ? "" : ` is $${gradient}$. It`;
		if (lines.length > 1) {
			const which = lines.length > 3 ? "" : ` (${list(lines)})`;
			return `$${name}$${is} is a part of ${count(lines.length)} lines below${which}, so it is computed once.`;
		}
		const often = uses > 1 ? `, where it occurs ${times(uses)}` : "";
		return `$${name}$${is} is a part of one line below (${list(lines)})${often}.`;
	},
	recomputed: (own) => `$${own}$ is computed again, as on the way forward.`,
	inBranch: (own) =>
		`The way back takes the branch that the way forward took. Here this branch gives $${own}$.`,
	decides: (own) => `$${own}$ decides which branch the way back takes.`,
	again: (c) => {
		const [forward, backward] = both(c);
		return `As before, ${forward}, so ${backward}.`;
	},
};
