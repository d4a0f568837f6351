import type { Tensor } from "../../lib/index.ts";
import * as a from "../../lib/index.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { checkProgram } from "../../lib/program/program.ts";
import { simpleProgram } from "../../lib/program/simple-program.ts";
import { trace } from "../../lib/program/trace.ts";

/** Functions of a list of tensors. */
export type ListFunction = (x: readonly Tensor[]) => Tensor[];

/** The same, recorded, simplified and interpreted. */
export function asProgram(f: ListFunction): ListFunction {
	return (x) => {
		const { program } = trace(x, f);
		checkProgram(program);
		const simple = simpleProgram(program);
		checkProgram(simple);
		return interpret(simple, x);
	};
}

/** Numbers for tests: of this shape, and other ones for another seed. */
export function draw(seed: number, ...shape: number[]): Tensor {
	return a.random.normal(a.random.key(seed), shape).mul(0.5);
}

/** The float results of a function, weighted and added up. */
function total(f: ListFunction): (x: readonly Tensor[]) => Tensor {
	return (x) => {
		let sum: Tensor = a.zeros([]);
		for (const [i, y] of f(x).entries()) {
			if (y.dtype !== "float64" && y.dtype !== "float32") continue;
			const weights = draw(100 + i, ...y.shape);
			sum = sum.add(y.astype("float64").mul(weights).sum());
		}
		return sum;
	};
}

/** What a function gives: values, both first derivatives, and all mixed second ones. */
export function transforms(f: ListFunction): Record<string, ListFunction> {
	const scalar = total(f);
	const along = (x: readonly Tensor[]) => x.map((each, i) => draw(200 + i, ...each.shape));
	const gradient = (x: readonly Tensor[]) => a.grad(scalar)(x);
	const tangent = (x: readonly Tensor[]) => a.jvp(scalar, x, along(x))[1];
	return {
		values: f,
		gradient: (x) => [...gradient(x)],
		tangent: (x) => a.jvp((x: readonly Tensor[]) => f(x), x, along(x))[1] as Tensor[],
		"gradient of the gradient": (x) => [
			...a.grad((x: readonly Tensor[]) => {
				return gradient(x).reduce((sum, g) => sum.add(g.square().sum()), a.zeros([]));
			})(x),
		],
		"tangent of the gradient": (x) => [...a.hvp(scalar, x, along(x))],
		"gradient of the tangent": (x) => [...a.grad(tangent)(x)],
		"tangent of the tangent": (x) => [a.jvp(tangent, x, along(x))[1]],
	};
}
