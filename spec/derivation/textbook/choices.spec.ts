import { abs, exp, less, log, where } from "../../../lib/index.ts";
import { checkForms } from "./forms.ts";

checkForms("derivation/textbook/choices", {
	"the gradient of Huber's loss is the residual or its sign": {
		f: (p, y) => {
			const r = p!.sub(y!).as("r");
			return where(less(abs(r), 1), r.square().mul(0.5), abs(r).sub(0.5)).mean();
		},
		shapes: { p: ["N"], y: ["N"] },
		backward: ["grad_r = np.where(less1, r, np.sign(r)) / N", "grad_p = grad_r"],
	},
	"of a choice that is 1 or a slope, that choice": {
		f: (x, y) => where(x!.greater(0), x!, x!.mul(0.1)).mul(y!).sum(),
		shapes: { x: ["N"], y: ["N"] },
		backward: ["grad_x = np.where(greater1, 1, 0.1) * y"],
	},
	"beside a pole the other branch is what it was": {
		f: (x, y) => where(x!.greater(0), log(x!), x!.square()).mul(y!).sum(),
		shapes: { x: ["N"], y: ["N"] },
		backward: ["grad_x = y * np.where(greater1, 1 / x, 2.0 * x)"],
	},
	"of the exponential unit": {
		f: (x) => where(x!.greater(0), x!, exp(x!).sub(1)).square().sum(),
		shapes: { x: ["N"] },
		backward: [
			"grad_where1 = 2.0 * where1",
			"grad_x = np.where(greater1, 2.0 * x, grad_where1 * exp1)",
		],
	},
	"of three pieces": {
		f: (x) => {
			const inner = where(x!.greater(-1), x!.square(), x!.mul(3));
			return where(x!.greater(1), exp(x!), inner).sum();
		},
		shapes: { x: ["N"] },
		backward: ["grad_x = np.where(greater2, exp1, np.where(greater1, 2.0 * x, 3))"],
	},
	"of two arguments each keeps its part": {
		f: (x, y) => where(x!.greater(y!), x!.square(), y!.mul(x!)).sum(),
		shapes: { x: ["N"], y: ["N"] },
		backward: ["grad_x = np.where(greater1, 2.0 * x, y)"],
	},
});
