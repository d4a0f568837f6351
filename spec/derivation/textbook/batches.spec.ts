import { broadcastTo, matmul, matrixTranspose } from "../../../lib/index.ts";
import { checkForms } from "./forms.ts";

checkForms("derivation/textbook/batches", {
	"one matrix for a whole batch is not stretched": {
		f: (x, w) => matmul(x!, w!).square().sum(),
		shapes: { x: ["B", "N", "D"], w: ["D", "K"] },
		forward: ["matmul1 = x @ w", "loss = np.square(matmul1).sum()"],
		backward: ["grad_matmul1 = 2.0 * matmul1", "grad_x = grad_matmul1 @ w.T"],
		latex: [
			"\\frac{\\partial L}{\\partial x} &= \\frac{\\partial L}{\\partial \\mathrm{matmul}_{1}}\\,w^{\\top}",
		],
	},
	"nor is it on the left, whose gradient is a sum over the batch": {
		f: (w, x) => matmul(w!, x!).square().sum(),
		shapes: { w: ["K", "D"], x: ["B", "D", "N"] },
		forward: ["matmul1 = w @ x", "loss = np.square(matmul1).sum()"],
		backward: [
			"grad_matmul1 = 2.0 * matmul1",
			"grad_w = (grad_matmul1 @ x.transpose(0, 2, 1)).sum(axis=0)",
		],
	},
	"a batch for each of another batch keeps its own axes": {
		f: (x, w) => matmul(x!, w!).tanh().sum(),
		shapes: { x: ["M", "B", "N", "D"], w: ["B", "D", "K"] },
		backward: ["grad_x = (1 - np.square(tanh1)) @ w.transpose(0, 2, 1)"],
	},
	"what is stretched and then transposed is transposed": {
		f: (x, w) => matmul(x!, matrixTranspose(broadcastTo(w!, [x!.shape[0]!, ...w!.shape]))).sum(),
		shapes: { x: ["B", "N", "D"], w: ["K", "D"] },
		forward: ["loss = (x @ w.T).sum()"],
	},
	"two that are stretched to a batch keep it": {
		f: (x, w, b) => {
			const whole = [b!.shape[0]!, ...x!.shape];
			const product = matmul(broadcastTo(x!, whole), w!);
			return product.mul(b!).sum();
		},
		shapes: { x: ["N", "D"], w: ["D", "K"], b: ["B", "N", "K"] },
	},
});
