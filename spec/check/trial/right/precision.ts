import { type Tensor, tensor } from "../../../../lib/index.ts";
import { type Case, type Cases, normal } from "../case.ts";

const variance = (x: Tensor) => x.sub(x.mean()).square().mean();
/** A function whose values have few digits. */
function noisy(says: string, f: Case["f"], ...at: Case["at"]): Case {
	return { says, f, at, expected: "pass" };
}

/** float32, and differences of numbers that are nearly equal. */
export const rounded: Cases = {
	"float32 net with tanh": noisy(
		"two layers, in which every step rounds to 7 digits",
		(x, w, v) => x!.dot(w!).tanh().dot(v!).square().mean(),
		normal(1, [3, 4], "float32"),
		normal(2, [4, 5], "float32"),
		normal(3, [5, 2], "float32"),
	),
	"float32 softmax": noisy(
		"weights with 7 digits",
		(x) => x!.softmax(-1),
		normal(4, [2, 4], "float32"),
	),
	"float32 relu at 0": {
		says: "a kink in float32",
		f: (x) => x!.maximum(0),
		at: [tensor([0, 0.01, 1], { dtype: "float32" })],
		expected: "at-kink",
	},
	"float32 cross-entropy": noisy(
		"a loss with 7 digits",
		(x) => x!.logSoftmax(-1).slice([], 1).mean().neg(),
		normal(5, [3, 4], "float32"),
	),
	"float32 chain of six steps": noisy(
		"rounding errors add up",
		(x) => {
			let y = x!;
			for (let i = 0; i < 6; i++) y = y.sin().mul(1.5).add(0.1);
			return y;
		},
		normal(6, [3], "float32"),
	),
	"a million comes and goes": noisy(
		"sin(x) + 1e6 − 1e6 has lost 6 digits",
		(x) => x!.sin().add(1e6).sub(1e6),
		normal(7, [4]),
	),
	"variance about 1e4": noisy(
		"spread 1 about a mean of 1e4",
		(x) => variance(x!.add(1e4)),
		normal(8, [5]),
	),
	"(1 − cos x)/x² at 0.01": noisy(
		"nearly all of 1 − cos x cancels",
		(x) => x!.cos().neg().add(1).div(x!.square()),
		tensor([0.01, 0.5]),
	),
};
