// Prints how far programs in JavaScript are from the functions themselves, and whether one that
// fails says what the op says. Run by spec/compile/backend.spec.ts where code must not be made from
// strings.
import { compile, javascriptBackend } from "../../lib/compile/index.ts";
import { conv2d, grad, random, type Tensor, tensor } from "../../lib/index.ts";

let isForbidden = false;
try {
	new Function("return 1")();
} catch {
	isForbidden = true;
}
const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
const functions: ((x: Tensor, y: Tensor) => Tensor)[] = [
	(x, y) => x.mul(y).gelu().add(1).div(3),
	(x, y) => x.astype("float32").mul(0.3).add(y.astype("float32").tril()),
	(x, y) => x.dot(y.transpose()).relu().sum(0),
	(x, y) => x.mul(y).sum(1).add(x.mean(1)).mul(x.argmax(1)),
	(x, y) => grad((v: Tensor) => v.cumsum(1).mul(y).sum())(x),
	(x, y) => grad((v: Tensor) => conv2d(v.reshape([1, 1, 8, 8]), y.reshape([1, 1, 8, 8])).sum())(x),
	(x) => x.take(tensor([3, -1], { dtype: "int32" }), 0).mul(2),
	(x) => random.bernoulli(random.key(3), 0.5, [8, 8]).astype("float64").mul(x),
];
const [x, y] = [normal(0, [8, 8]), normal(1, [8, 8])];
const apart = functions.map((f) => {
	const compiled = compile(f, { backend: javascriptBackend });
	return compiled(x, y).astype("float64").sub(f(x, y).astype("float64")).abs().max().item();
});
const overflow = compile((v: Tensor) => v.mul(v).add(1), { backend: javascriptBackend });
let message = "";
try {
	overflow(tensor([70_000], { dtype: "int32" }));
} catch (error) {
	message = (error as Error).message;
}
console.log(JSON.stringify({ isForbidden, apart, message }));
