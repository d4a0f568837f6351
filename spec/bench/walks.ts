import { grad, random, type Tensor } from "../../lib/index.ts";
import { gru } from "../../lib/nn/index.ts";
import { measure } from "./measure.ts";

/** What a gradient may cost, beside the value and beside a sequence of a tenth of the length. */
const MOST = { value: 5, shorter: 10 };

/**
 * A `gru` of 32 units over 16 sequences of 100 and of 1,000 places: the value, and the gradients
 * with respect to the weights and to the sequences.
 */
export function walks(report: (what: string, measured: string, peer: string) => void): void {
	const layer = gru(32, 32);
	const params = layer.init(random.key(0));
	const loss = ([weights, x]: [typeof params, Tensor]) => layer.apply(weights, x).square().sum();
	const gradient = grad(loss);
	const [few, many] = [100, 1000].map((time) => random.normal(random.key(1), [16, time, 32]));
	const timings = measure(
		[
			{ name: "gradient over 100 places", run: () => gradient([params, few!]) },
			{ name: "value", run: () => loss([params, many!]) },
			{ name: "gradient", run: () => gradient([params, many!]) },
		],
		5,
	);
	const [short, value, long] = timings.map(({ best }) => best) as [number, number, number];
	const [ofValue, ofShorter] = [long / value, long / short];
	report(
		"gradient of a gru over 1,000 places, ms",
		long.toFixed(0),
		`value ${value.toFixed(0)} ms, ${ofValue.toFixed(1)} times (limit ${MOST.value}); ` +
			`100 places ${short.toFixed(0)} ms, ${ofShorter.toFixed(1)} times (about ${MOST.shorter})`,
	);
}
