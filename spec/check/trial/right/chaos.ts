import { full, type Tensor, tensor } from "../../../../lib/index.ts";
import { type Case, type Cases, normal } from "../case.ts";

/** x ↦ r·x·(1 − x), so many times from 0.3, as a function of r. */
function logistic(times: number): Case {
	return {
		says: `after ${times} rounds two neighbours have nothing in common`,
		f: (r) => {
			let y = full([1], 0.3);
			for (let i = 0; i < times; i++) y = r!.mul(y).mul(y.neg().add(1));
			return y;
		},
		at: [tensor([3.9])],
		expected: "pass",
	};
}

/** Maps that are applied again and again, and double each difference. */
export const chaotic: Cases = {
	"logistic map, 15 rounds": logistic(15),
	"logistic map, 20 rounds": logistic(20),
	"logistic map, 30 rounds": logistic(30),
	"Hénon's map, 25 rounds": {
		says: "two numbers that fold onto each other, round after round",
		f: (start) => {
			let [x, y] = [start!.slice(0), start!.slice(1)];
			for (let i = 0; i < 25; i++) [x, y] = [x.square().mul(-1.4).add(y).add(1), x.mul(0.3)];
			return [x, y];
		},
		at: [tensor([0.1, 0.2])],
		expected: "pass",
	},
	"recurrent net of large weights, 30 rounds": {
		says: "weights of size 2 make the state chaotic",
		f: (h, w) => {
			let state: Tensor = h!;
			for (let i = 0; i < 30; i++) state = w!.dot(state).tanh();
			return state;
		},
		at: [normal(1, [3]), normal(2, [3, 3]).mul(2)],
		expected: "pass",
	},
};
