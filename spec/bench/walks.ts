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
	const [short, long] = [100, 1000].map((time) => {
		const x = random.normal(random.key(1), [16, time, 32]);
		const [value, both] = measure(
			[
				{ name: "value", run: () => loss([params, x]) },
				{ name: "gradient", run: () => gradient([params, x]) },
			],
			3,
		);
		return { value: value!.best, gradient: both!.best };
	}) as [Record<"value" | "gradient", number>, Record<"value" | "gradient", number>];
	const [ofValue, ofShorter] = [long.gradient / long.value, long.gradient / short.gradient];
	report(
		"gradient of a gru over 1,000 places, ms",
		long.gradient.toFixed(0),
		`value ${long.value.toFixed(0)} ms, ${ofValue.toFixed(1)} times (limit ${MOST.value}); ` +
			`100 places ${short.gradient.toFixed(0)} ms, ${ofShorter.toFixed(1)} times (about ${MOST.shorter})`,
	);
}
