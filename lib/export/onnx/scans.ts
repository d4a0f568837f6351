import type { Element } from "./element-types.ts";
import { FormulaEmitter } from "./formulas.ts";
import { type GraphTensor, wholeNumbers } from "./graph.ts";
import type { NodeForm } from "./site.ts";

/** Lines along an axis, each element of the result made of what is carried on and its own. */
export const scanNodes: NodeForm = ({ graph, step, operands, element, floats }) => {
	const { axis, reverse, exclusive } = step.op.scan!.walk(step.params);
	const line = step.type.shape.toSpliced(axis, 1);
	const value = (wish: string, type: Element, shape = line): GraphTensor => {
		return { wish, element: type, shape };
	};
	const [carry, isFirst] = [value("carry", floats), value("is_first", "bool", [])];
	const entries = operands.map(() => value("entry", floats));
	const body = graph.inner([carry, isFirst, ...entries], true);
	const given = [carry, isFirst, ...entries];
	const next = new FormulaEmitter(body, floats, (i) => given[i]!).write(step.op.scan!.step());
	const no = graph.store.number(0, "bool");
	body.end([next, no, exclusive ? carry : next], [line, [], line]);
	const start = graph.expand(graph.store.number(step.op.scan!.start, floats), line);
	const lines = operands.map((x) => graph.cast(x, floats));
	const direction = reverse ? 1 : 0;
	const [, , made] = graph.several(
		"Scan",
		[start, graph.store.number(1, "bool"), ...lines],
		[floats, "bool", floats],
		{
			body,
			num_scan_inputs: lines.length,
			scan_input_axes: wholeNumbers(lines.map(() => axis)),
			scan_output_axes: wholeNumbers([axis]),
			scan_input_directions: wholeNumbers(lines.map(() => direction)),
			scan_output_directions: wholeNumbers([direction]),
		},
	);
	return graph.cast(made!, element);
};
