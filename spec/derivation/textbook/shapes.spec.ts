import { reshape, type Tensor } from "../../../lib/index.ts";
import { checkForms } from "./forms.ts";

/** Each row with mean 0 and variance 1. */
function standardized(x: Tensor): Tensor {
	const centred = x.sub(x.mean(1, { keepDims: true }));
	const spread = centred.square().mean(1, { keepDims: true }).add(1e-5).sqrt();
	return centred.div(spread).as("x_hat");
}

checkForms("derivation/textbook/shapes", {
	"a norm over axes that were merged ends as one over a single axis does": {
		f: (x, scale) => {
			const [n, d, k] = x!.shape as [number, number, number];
			const even = reshape(standardized(reshape(x!, [n, d * k])), x!.shape);
			return even.mul(scale!).as("out").square().sum();
		},
		shapes: { x: ["N", "D", "K"], scale: ["D", "K"] },
		backward: [
			"grad_out = 2.0 * out",
			"grad_x_hat = (grad_out * scale).reshape(N, D * K)",
			"grad_x = ((grad_x_hat - (grad_x_hat * x_hat).mean(axis=1, keepdims=True) * x_hat - grad_x_hat.mean(axis=1, keepdims=True)) / sqrt1).reshape(N, D, K)",
		],
	},
	"so does one whose parts have no names": {
		f: (x, scale) => {
			const [n, d, k] = x!.shape as [number, number, number];
			const even = reshape(standardized(reshape(x!, [n, d * k])), x!.shape);
			return even.mul(scale!).square().sum();
		},
		shapes: { x: ["N", "D", "K"], scale: ["D", "K"] },
		backward: [
			"grad_x_hat = (2.0 * (x_hat.reshape(N, D, K) * scale) * scale).reshape(N, D * K)",
			"grad_x = ((grad_x_hat - (grad_x_hat * x_hat).mean(axis=1, keepdims=True) * x_hat - grad_x_hat.mean(axis=1, keepdims=True)) / sqrt1).reshape(N, D, K)",
		],
	},
});
