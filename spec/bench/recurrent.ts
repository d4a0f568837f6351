import { compile } from "../../lib/compile/index.ts";
import { grad, random, scan, type Tensor, zeros } from "../../lib/index.ts";
import { measure } from "./measure.ts";

const STEPS = [100, 1000];

/** The gradient of a recurrent net of 32 units over so many steps, batch 16. */
export function recurrent(rounds: number): void {
	const [u, v] = [1, 2].map((seed) => random.normal(random.key(seed), [32, 32]).mul(0.1));
	const loss = (w: { u: Tensor; v: Tensor }, x: Tensor) => {
		const step = (h: Tensor, now: Tensor) => {
			const next = now.dot(w.u).add(h.dot(w.v)).tanh();
			return [next, next.square().sum()] as const;
		};
		return scan(step, zeros([16, 32]), x)[1].sum();
	};
	const w = { u: u!, v: v! };
	const rows = STEPS.map((steps) => {
		const x = random.normal(random.key(3), [steps, 16, 32]);
		const firsts = measure([{ name: "first", run: () => compile(grad(loss))(w, x).u.data }], 5);
		const run = compile(grad(loss));
		const [each, eager] = measure(
			[
				{ name: "compiled", run: () => run(w, x).u.data },
				{ name: "eager", run: () => grad(loss)(w, x).u.data },
			],
			Math.min(rounds, 10),
		);
		const text = ({ best, median }: { best: number; median: number }) =>
			`${best.toFixed(1)} best, ${median.toFixed(1)} median`;
		return {
			what: `gradient of a recurrent net, 32 units, batch 16, ${steps} steps, ms`,
			"compile and first call": text(firsts[0]!),
			"each call": text(each!),
			"as it is": text(eager!),
		};
	});
	console.table(rows);
}
