import { type ConstantForm, constantForm } from "../../program/constants.ts";
import { isEqual } from "../../program/probe.ts";
import type { Constant } from "../../program/program.ts";
import type { Argument, Derived } from "../draft/model.ts";
import type { SizeWriter } from "../text/size-writer.ts";

/** A constant, and how it can be defined. */
export interface FormedConstant {
	readonly value: Constant;
	readonly form: ConstantForm;
}

/** A large constant that is defined in what is printed. */
export interface DefinedConstant extends Argument, FormedConstant {
	readonly value: Constant;
	readonly form: Exclude<ConstantForm, { kind: "given" }>;
	/** What it is at the derived sizes, and at each probe of them where that is known. */
	readonly everywhere: readonly FormedConstant[];
}

/**
 * The constants that a printed program defines, and those that it has to be given.
 * @param sizes is told of constants without a constructor whose elements are others at other sizes
 */
export function constantsOf(
	{ constants, sizes: { probes } }: Derived,
	sizes: SizeWriter,
): { defined: readonly DefinedConstant[]; given: readonly Argument[] } {
	const defined: DefinedConstant[] = [];
	const given: Argument[] = [];
	for (const constant of constants) {
		const { value } = constant;
		if (value.kind !== "constant") continue;
		const form = constantForm(value.tensor);
		const there = [value, ...probes.map((probe) => probe.at(value))];
		const all = there.flatMap((each) => (each?.kind === "constant" ? [each] : []));
		if (form.kind === "elements" || form.kind === "given") {
			if (!there.every((each) => each !== null && isEqual(each, value))) sizes.fail();
		}
		if (form.kind === "given") {
			given.push(constant);
			continue;
		}
		const everywhere = all.map((each) => ({ value: each, form: constantForm(each.tensor) }));
		defined.push({ ...constant, value, form, everywhere });
	}
	return { defined, given };
}
