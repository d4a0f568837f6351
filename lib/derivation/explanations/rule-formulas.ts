import { AdjointError, DerivationError } from "../../core/error.ts";
import { broadcastNumber } from "../../core/lift.ts";
import type { LinearMap } from "../../core/linear-map.ts";
import { apply, type Op, type TensorType } from "../../core/op.ts";
import type { Data } from "../../core/params.ts";
import type { Tensor } from "../../core/tensor.ts";
import { asMap } from "../../ops/as-map.ts";
import { abstractTensor } from "../../program/abstract.ts";
import { realNumbers } from "../../program/algebra.ts";
import type { Value } from "../../program/program.ts";
import { simplify } from "../../program/simplify.ts";
import { trace } from "../../program/trace.ts";
import { ExpressionWriter } from "../draft/expressions.ts";
import type { LineExpression } from "../draft/model.ts";
import { sizedLatex } from "../text/latex.ts";
import { SizeWriter } from "../text/size-writer.ts";

/** An application of an op whose derivative is to be written down, with its parts in LaTeX. */
export interface RuleSite {
	readonly op: Op;
	readonly params: Data;
	readonly types: readonly TensorType[];
	/** The arguments and the result. */
	readonly args: readonly string[];
	readonly out: string;
	/** With respect to which argument. */
	readonly argument: number;
	/** A tangent of that argument, and a cotangent of the result. */
	readonly tangent: string;
	readonly cotangent: string;
	/** Whether it is the result of the derivation itself, so that the cotangent is the number 1. */
	readonly isResult?: boolean;
}

/** A derivative as a linear map and its transpose, both in LaTeX. */
export interface RuleFormulas {
	readonly differential: string;
	readonly transposed: string;
}

/** What a derivative does with its vector, and the names of the values that it is made of. */
export interface RuleTerm {
	readonly value: Value;
	readonly names: ReadonlyMap<Value, string>;
}

/** A derivative as a linear map and its transpose, as programs. */
export interface RuleTerms {
	readonly differential: RuleTerm;
	readonly transposed: RuleTerm;
}

/**
 * The derivative of an op at an application in LaTeX; null where it has none that can be recorded.
 * @param elsewhere the same application at each probe of the sizes
 */
export function ruleFormulas(
	site: RuleSite,
	elsewhere: readonly RuleSite[] = [],
	sizes = new SizeWriter(),
): RuleFormulas | null {
	const terms = [site, ...elsewhere].map(ruleTerms).filter((each) => each !== null);
	if (terms.length <= elsewhere.length) return null;
	const text = (each: readonly RuleTerm[]) => {
		const written = each.map(({ value, names }) => new ExpressionWriter(names).reference(value));
		const [expression, ...elsewhere] = written as [LineExpression, ...LineExpression[]];
		return withoutTwice(sizedLatex({ expression, elsewhere }, (text) => text, sizes));
	};
	return {
		differential: text(terms.map(({ differential }) => differential)),
		transposed: text(terms.map(({ transposed }) => transposed)),
	};
}

/** (xᵀ)ᵀ is x. */
function withoutTwice(text: string): string {
	return text.replace(/\(([\w\\{},]+)\^\{\\top\}\)\^\{\\top\}/g, "$1");
}

/**
 * The derivative of an op at an application: not a text that someone wrote, but what the op's
 * linear map does, recorded. Null where the map cannot be recorded without values, or the result
 * does not vary with the argument.
 */
export function ruleTerms(site: RuleSite): RuleTerms | null {
	const { op, params, types, argument } = site;
	try {
		const inputs = types.map((type) => abstractTensor(type, "an argument"));
		const outType = op.infer(inputs, params);
		return {
			differential: recorded(site, types[argument]!, site.tangent, (map, dx) => map.apply(dx)),
			transposed: recorded(site, outType, site.cotangent, (map, g) =>
				map.transpose.apply(site.isResult ? broadcastNumber(op.name, 1, g.dtype, g.shape) : g),
			),
		};
	} catch (error) {
		if (error instanceof AdjointError) return null;
		throw error;
	}
}

/** What is done with the map and a vector. */
function recorded(
	{ op, params, types, args, out, argument }: RuleSite,
	vectorType: TensorType,
	vector: string,
	use: (map: LinearMap, vector: Tensor) => Tensor,
): RuleTerm {
	const { program } = trace([...types, vectorType], (given) => {
		const inputs = given.slice(0, -1);
		const value = apply(op, inputs, params);
		const map = asMap(op.differential?.(argument, inputs, value, params) ?? null);
		if (map === null) throw new DerivationError(`${op.name}: it does not vary with the argument`);
		return [use(map, given.at(-1)!), value];
	});
	const value = program.outputs[1]!;
	const { program: short, after } = simplify(program, {
		algebra: realNumbers(),
		keep: new Set([value]),
	});
	const names = new Map<Value, string>([[after(value), out]]);
	for (const [i, input] of program.inputs.entries()) names.set(input, args[i] ?? vector);
	return { value: short.outputs[0]!, names };
}
