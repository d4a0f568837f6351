import { scan } from "../control/scan.ts";
import { tracing } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { unstack } from "../ops/arranging.ts";
import { stack } from "../ops/joining.ts";
import { permute } from "../structure/layout.ts";

/** From what is carried on before a place, and what is there, to what is carried on after it. */
type Step<H> = (now: H, input: Tensor, mask: Tensor | undefined) => H;

/**
 * Takes a step at each place of a sequence, whose inputs and mask are (time×samples×…); gives what
 * is carried on after the last one, and `h` after each. Where a function is recorded this is one
 * loop of the program, and of a derivation.
 */
export function overPlaces<H extends { readonly h: Tensor }>(
	step: Step<H>,
	start: H,
	inputs: Tensor,
	mask: Tensor | undefined,
	reverse: boolean,
): [last: H, outputs: Tensor] {
	if (tracing.depth > 0) {
		const at = (now: H, { input, there }: { input: Tensor; there?: Tensor }) => {
			const next = step(now, input, there);
			return [next, next.h] as const;
		};
		const xs = { input: inputs, there: mask };
		return scan<H, typeof xs, unknown>(at, start, xs, { reverse }) as [H, Tensor];
	}
	const inputsAt = unstack(inputs);
	const maskAt = mask === undefined ? [] : unstack(mask);
	const outputs = new Array<Tensor>(inputsAt.length);
	let now = start;
	for (let i = 0; i < outputs.length; i++) {
		const t = reverse ? outputs.length - 1 - i : i;
		now = step(now, inputsAt[t]!, maskAt[t]);
		outputs[t] = now.h;
	}
	return [now, stack(outputs)];
}

/** (samples×time×…) to (time×samples×…), and back. */
export function timeFirst(x: Tensor): Tensor {
	const [samples, time, ...others] = x.shape.keys();
	return permute(x, [time!, samples!, ...others]);
}
