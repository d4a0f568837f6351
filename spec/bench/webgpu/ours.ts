import { conv2d, grad, type Tensor, tensor } from "adjoint";
import { compile } from "adjoint/compile";
import { crossEntropy, relu } from "adjoint/nn";
import type { DeviceBackend } from "adjoint/webgpu";
import { gpt, type Model } from "../peers/models.ts";
import { numbers } from "../peers/numbers.ts";
import type { Contestant, Repeated, Sizes } from "./contestant.ts";

const draw = (seed: number, shape: readonly number[], size = 1) =>
	numbers(seed, "float32", shape, size);

/** This library on a device. */
export function ours(gpu: DeviceBackend, { products, elements }: Sizes): Contestant {
	const compiled = (f: (...args: Tensor[]) => Tensor) => compile(f, { backend: gpu });
	const first = compiled((y: Tensor) => y.reshape([-1]).slice([0, 1]));

	/** Runs a function of the same arguments again and again. */
	function again(f: (...args: Tensor[]) => Tensor, ...args: Tensor[]): Repeated {
		const run = compiled(f);
		let last = run(...args);
		return {
			run: () => {
				last = run(...args);
			},
			wait: async () => void (await gpu.read(first(last))),
		};
	}

	/** Steps of training. */
	function training({ params, inputs, loss }: Model, rate: number): Repeated {
		const gradientOf = grad(loss);
		const step = compile(
			(params: readonly Tensor[], ...inputs: Tensor[]) => {
				const grads = gradientOf(params, ...inputs) as readonly Tensor[];
				return params.map((param, i) => param.sub(grads[i]!.mul(rate)));
			},
			{ backend: gpu },
		);
		let now: readonly Tensor[] = params;
		return {
			run: () => {
				now = step(now, ...inputs) as readonly Tensor[];
			},
			wait: async () => void (await gpu.read(first(now[0]!))),
		};
	}

	const vector = (seed: number) => draw(seed, [elements]);
	return {
		name: "adjoint",
		cases: {
			...Object.fromEntries(
				products.map((n) => [
					`product ${n}³`,
					() => again((x, w) => x!.matmul(w!), draw(1, [n, n]), draw(2, [n, n])),
				]),
			),
			add: () => again((x, y) => x!.add(y!), vector(1), vector(2)),
			relu: () => again((x) => relu(x!), vector(1)),
			exp: () => again((x) => x!.exp(), vector(1)),
			sum: () => again((x) => x!.sum().reshape([1]), vector(1)),
			"convolutional step": () => training(convolutional(), 0.01),
			"GPT step": () => training(gpt("float32"), 0.01),
		},
	};
}

/** Two convolutions with stride 2 and a linear layer, on 32 pictures of 28×28. */
function convolutional(): Model {
	const labels = tensor(
		Array.from({ length: 32 }, (_, i) => i % 10),
		{ dtype: "int32" },
	);
	const layer = (x: Tensor, w: Tensor) => relu(conv2d(x, w, { stride: 2, padding: 1 }));
	return {
		params: [draw(2, [8, 1, 3, 3], 0.3), draw(3, [16, 8, 3, 3], 0.1), draw(4, [784, 10], 0.03)],
		inputs: [draw(1, [32, 1, 28, 28]), labels],
		loss: ([c1, c2, w]: readonly Tensor[], x: Tensor, y: Tensor) =>
			crossEntropy(layer(layer(x, c1!), c2!).reshape([32, 784]).matmul(w!), y),
	};
}
