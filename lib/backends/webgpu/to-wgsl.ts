import { compile } from "../../compile/compile.ts";
import type { Backend } from "../backend.ts";
import type { ExplainedStep } from "../explanation.ts";
import { bytesOfPlan, explanationOf, plannedFor } from "./explaining.ts";
import type { PlanLimits } from "./plan.ts";

/** What any device allows. */
const LEAST: PlanLimits = { bindings: 8, elements: 2 ** 25, buffer: 2 ** 26 };

/** Plans as for a device that allows what each does, and runs nothing. */
const printing: Backend = {
	name: "webgpu",
	supports: () => null,
	compile: (program) => {
		const { parts, schedule, plan } = plannedFor(program, LEAST);
		return {
			run: (args) => args,
			explain: () => explanationOf(parts, schedule, plan),
			bytes: bytesOfPlan(plan),
		};
	},
};

/**
 * The shaders that a GPU runs for a function of tensors and such arguments, as text in WGSL, each
 * under a comment with its ops and results. It needs no GPU.
 *
 *     console.log(toWgsl((x) => x.square().sum(), [x]));
 *
 * @param args what the function is called with; floats have to be float32
 * @throws DomainError for float64, and what `compile` throws
 */
export function toWgsl<Args extends unknown[]>(f: (...args: Args) => unknown, args: Args): string {
	const { steps } = compile(f, { backend: printing }).explain(...args);
	return steps.flatMap(texts).join("\n");
}

function texts({ runs, ops, results, code, body = [] }: ExplainedStep): string[] {
	const head = `// ${runs}: ${ops.join(" ")} -> ${results.join(", ")}`;
	const own = code ?? (body.length > 0 ? "" : "// on the host\n");
	return [`${head}\n${own}`, ...body.flatMap(texts)];
}
