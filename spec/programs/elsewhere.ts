// Prints how far a compiled function is from the function itself, and what `explain` notes. Run by
// spec/compile/engines.spec.ts with flags that make Node a lesser engine.
import { compile } from "../../lib/compile/index.ts";
import { random, type Tensor, valueAndGrad } from "../../lib/index.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
const step = (w: Tensor, x: Tensor) => {
	const loss = (v: Tensor) =>
		x
			.dot(v)
			.tanh()
			.sub(x.exp().sum(1, { keepDims: true }))
			.square()
			.mean();
	const [value, gradient] = valueAndGrad(loss)(w);
	return { value, w: w.sub(gradient.mul(0.01)), order: x.argsort() };
};
const [w, x] = [normal(0, [60, 40]), normal(1, [50, 60])];
const compiled = compile(step);
const [fast, plain] = [compiled(w, x), step(w, x)];
const apart = fast.w.sub(plain.w).abs().max().item();
const isSameOrder = fast.order.equal(plain.order).all().item();
console.log(JSON.stringify({ apart, isSameOrder, notes: compiled.explain(w, x).notes }));
