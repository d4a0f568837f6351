import { compile } from "adjoint/compile";
import { type Tensor, tensor, valueAndGrad } from "adjoint/functions";
import { conv2d, crossEntropy, flatten, linear, maxPool2d, relu, sequential } from "adjoint/nn";
import { adam } from "adjoint/optim";
import { key, uniform } from "adjoint/random";

const model = sequential(conv2d(1, 4, 3), relu, maxPool2d(2), flatten, linear(4 * 5 * 5, 10));
const optimizer = adam({ learningRate: 1e-2 });
type Params = ReturnType<typeof model.init>;
type State = ReturnType<typeof optimizer.init<Params>>;

const loss = (params: Params, x: Tensor, labels: Tensor): Tensor =>
	crossEntropy(model.apply(params, x), labels);

const step = compile((params: Params, state: State, x: Tensor, labels: Tensor) => {
	const [value, gradient] = valueAndGrad(loss)(params, x, labels);
	return [value, ...optimizer.update(gradient, state, params)] as const;
});

const [x, labels] = [uniform(key(1), [3, 1, 12, 12]), tensor([3, 1, 4], { dtype: "int32" })];
let params = model.init(key(2));
let state = optimizer.init(params);
for (let i = 0; i < 3; i++) {
	const [value, next, after] = step(params, state, x, labels);
	[params, state] = [next, after];
	console.log(value.item().toFixed(6));
}
