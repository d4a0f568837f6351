import { broadcastShapes } from "../../core/shape.ts";
import { uniformNumber } from "../../program/builder.ts";
import {
	argument,
	constant,
	inOrder,
	type Scalar,
	type Term,
	type Truth,
} from "../../scalar/scalar.ts";
import { isChoice, specialized, truthAsNumber, truthIn } from "../../scalar/specialize.ts";
import type { FloatElement } from "./element-types.ts";
import { FormulaEmitter, isWholeFormula } from "./formulas.ts";
import type { GraphTensor } from "./graph.ts";
import type { NodeForm, Shown } from "./site.ts";

/** A mask as a formula, which is read again in what it is used for. */
interface Mask {
	readonly term: Term;
	readonly read: readonly Shown[];
	readonly width: FloatElement | "int32";
}

const masks = new WeakMap<GraphTensor, Mask>();

/** What a formula gives for each element. What it reads is stretched by its nodes. */
export const formulaNodes: NodeForm = ({ graph, step, shown, element, floats }) => {
	const { op, inputs, type } = step;
	const areWhole = [type, ...inputs.map((x) => x.type)].every(({ dtype }) => !/^float/.test(dtype));
	const width = areWhole && isWholeFormula(op.formula!()) ? "int32" : floats;
	const read: Shown[] = [];
	const args = inputs.map((input, i): Term => {
		const number = uniformNumber(input);
		if (number !== null) return constant(number);
		const one = shown[i]!;
		const mask = masks.get(one.thin);
		const first = read.length;
		if (mask?.width === width) {
			read.push(...mask.read);
			return specialized(
				mask.term,
				mask.read.map((x, k) => argumentFor(x, first + k)),
			);
		}
		read.push(one);
		const argument = argumentFor(one, first);
		return argument.type === "truth" ? truthAsNumber(argument) : argument;
	});
	const number = specialized(op.formula!(), args);
	const term = (type.dtype === "bool" ? truthIn(number) : null) ?? number;
	const writer = new FormulaEmitter(graph, width, (i) => {
		const { thin } = read[i]!;
		return thin.element === "bool" ? thin : graph.cast(thin, width);
	});
	const thin = graph.cast(writer.write(term), element);
	if (isChoice(number)) masks.set(thin, { term: number, read, width });
	const shapes = inOrder(term).flatMap((part) =>
		part.kind === "argument" ? [read[part.index]!.shape] : [],
	);
	if (shapes.length === 0) return graph.expand(thin, type.shape);
	return { thin, shape: broadcastShapes(op.name, shapes) };
};

/** The argument of a formula for what is read with this number: truth for a bool. */
function argumentFor({ thin }: Shown, index: number): Scalar | Truth {
	if (thin.element === "bool") return { kind: "argument", type: "truth", index };
	return argument(index);
}
