import type { TensorType } from "../../core/op.ts";
import type { Instruction } from "../../program/program.ts";
import type { Derived } from "../draft/model.ts";
import { shapeLatex } from "../text/latex-symbols.ts";
import type { SizeWriter } from "../text/size-writer.ts";
import type { FactorKinds, StepContext } from "./context.ts";
import { differentialText, type LineNames } from "./line-names.ts";
import { isPassing, type PathStep } from "./path.ts";
import { type RuleFormulas, ruleFormulas } from "./rule-formulas.ts";

/**
 * What the words about a step are made of.
 * @param share which part of the gradient it gives, where there are several
 */
export function stepContext(
	derived: Derived,
	step: PathStep,
	names: LineNames,
	sizes: SizeWriter,
	share: number | null,
): StepContext {
	const { forward, argument, input, out: taken } = step;
	const { op, params, value } = forward;
	const args = value.inputs.map((_, i) => names.inputOf(value, i));
	const [arg, out] = [args[argument]!, names.of(taken)];
	const [tangent, cotangent] = [differentialText(arg), names.gradient(taken)];
	const formulas = (): RuleFormulas | null => {
		if (isPassing(step)) return { differential: tangent, transposed: cotangent };
		const isResult = names.isResult(taken);
		const types = typesOf(value);
		const site = { op, params, types, args, out, argument, tangent, cotangent, isResult };
		const elsewhere = derived.sizes.probes.flatMap((probe) => {
			const there = probe.at(value);
			if (there?.kind !== "instruction") return [];
			return [{ ...site, params: there.params, types: typesOf(there) }];
		});
		return ruleFormulas(site, elsewhere, sizes);
	};
	const found = formulas();
	return {
		kind: op.rule ?? "own",
		op: op.name,
		arg,
		out,
		tangent,
		outTangent: differentialText(out),
		gradient: share === null ? names.gradient(input) : names.share(input, share),
		cotangent,
		formulas: found,
		isIdentity: found?.differential === tangent && found.transposed === cotangent,
		isSymmetric: found?.transposed.replaceAll(cotangent, tangent) === found?.differential,
		isNumber: value.type.shape.length === 0,
		args,
		argument,
		shape: shapeLatex(derived.axesOf(input)),
		outShape: shapeLatex(derived.axesOf(value)),
		factors: factorsOf(value, argument),
		product: op.rule === "matrixProduct" ? productShapes(derived, step) : null,
		remark: op.remark?.(args) ?? null,
		proof: op.proof?.(args, out) ?? null,
	};
}

function typesOf({ inputs }: Instruction): TensorType[] {
	return inputs.map(({ type }) => type);
}

/** What a product multiplies, as seen from one of its factors. */
function factorsOf({ inputs, type }: Instruction, argument: number): FactorKinds {
	const isVector = (i: number) => inputs[i]?.type.shape.length === 1;
	if (!isVector(1 - argument)) return "matrix";
	return type.shape.length === 0 && isVector(argument) ? "vectors" : "vector";
}

/** The shapes of the product that the transpose of a matrix product is: ∂Y·Wᵀ or Xᵀ·∂Y. */
function productShapes(
	{ axesOf }: Derived,
	{ forward, argument }: PathStep,
): StepContext["product"] {
	const [x, w] = forward.value.inputs.map(axesOf);
	const y = axesOf(forward.value);
	if (x?.length !== 2 || w?.length !== 2) return null;
	const [left, right] = argument === 0 ? [y, w.toReversed()] : [x.toReversed(), y];
	const result = argument === 0 ? x : w;
	return {
		left: shapeLatex(left),
		right: shapeLatex(right),
		result: shapeLatex(result),
		isOnly: waysToFit(left, right, result) === 1,
	};
}

type Axes = readonly string[];

/** How many products of two matrices, each as it is or transposed, have the shape of the result. */
function waysToFit(a: Axes, b: Axes, result: Axes): number {
	const turned = (x: Axes): Axes[] => [x, x.toReversed()];
	const pairs = turned(a).flatMap((x) =>
		turned(b).flatMap((y) => [[x, y] as const, [y, x] as const]),
	);
	return pairs.filter(([x, y]) => x[1] === y[0] && x[0] === result[0] && y[1] === result[1]).length;
}
