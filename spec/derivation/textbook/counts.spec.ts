import { broadcastTo, exp, grad, sub, sum, type Tensor } from "../../../lib/index.ts";
import { checkForms } from "./forms.ts";

/** The rows of x, each with b in it. */
const beside = (b: Tensor, x: Tensor) => broadcastTo(b, x.shape);

checkForms("derivation/textbook/counts", {
	"a gradient in each of N rows, and a sum over them, are a number and a sum": {
		f: (rho, x) => x!.div(rho!.exp()).as("z").square().div(2).add(rho!).sum(),
		shapes: { rho: ["D"], x: ["N", "D"] },
		backward: ["grad_z = z", "grad_rho = N - np.square(z).sum(axis=0)"],
	},
	"so are the counts of Poisson": {
		f: (b, x) => sub(beside(exp(b!), x!), x!.mul(b!)).sum(),
		shapes: { b: ["D"], x: ["N", "D"] },
		backward: ["grad_b = N * exp1 - x.sum(axis=0)"],
	},
	"a number of rows is a factor as it stands": {
		f: (b, x) => sum(beside(b!.square(), x!)).mul(0.5).add(sum(x!)),
		shapes: { b: ["D"], x: ["N", "D"] },
		backward: ["grad_b = N * b"],
	},
	"what is named after a gradient has no factor 1": {
		f: (x) =>
			grad((y: Tensor) => sum(y.power(3)))(x!)
				.as("slope")
				.sum(),
		shapes: { x: ["D"] },
		forward: ["slope = 3.0 * x ** 2", "loss = slope.sum()"],
	},
	"and a factor −1 is a sign": {
		f: (x, y) =>
			grad((z: Tensor) => sum(z.exp().sub(z.mul(y!))))(x!)
				.as("g")
				.square()
				.sum(),
		shapes: { x: ["D"], y: ["D"] },
		forward: ["exp1 = np.exp(x)", "g = -y + exp1", "loss = np.square(g).sum()"],
	},
});
