import { DerivationError } from "../core/error.ts";
import { checkOptions } from "../core/options.ts";
import { type Cost, costOf } from "./cost.ts";
import { type DerivationDiff, diffOf } from "./diff.ts";
import type { Derived } from "./draft/model.ts";
import { type Form, forms } from "./forms.ts";
import { PRINT_OPTIONS, type PrintOptions } from "./printers/print-options.ts";
import type { Origin } from "./running/reference.ts";
import type { Verification } from "./verification.ts";
import { type VerifyOptions, verify } from "./verify.ts";

/**
 * A derivation: forward and backward pass as statements, to be printed, checked, counted and
 * compared.
 */
export class Derivation implements Derived {
	readonly arguments: Derived["arguments"];
	readonly constants: Derived["constants"];
	readonly forward: Derived["forward"];
	readonly backward: Derived["backward"];
	readonly blocks: Derived["blocks"];
	readonly program: Derived["program"];
	readonly steps: Derived["steps"];
	readonly axesOf: Derived["axesOf"];
	readonly sizes: Derived["sizes"];
	readonly values: Derived["values"];
	readonly atArguments: Derived["atArguments"];
	/** @internal Where it comes from. */
	readonly origin: Origin;

	/** @internal */
	constructor(derived: Derived, origin: Origin) {
		this.arguments = derived.arguments;
		this.constants = derived.constants;
		this.forward = derived.forward;
		this.backward = derived.backward;
		this.blocks = derived.blocks;
		this.program = derived.program;
		this.steps = derived.steps;
		this.axesOf = derived.axesOf;
		this.sizes = derived.sizes;
		this.values = derived.values;
		this.atArguments = derived.atArguments;
		this.origin = origin;
	}

	/**
	 * The derivation as text in one of the forms.
	 * @throws DerivationError for a form that there is not
	 */
	print(form: Form, options?: PrintOptions): string {
		if (!Object.hasOwn(forms, form)) {
			const names = Object.keys(forms).join(", ");
			throw new DerivationError(`print: expected one of the forms ${names}, got ${String(form)}`);
		}
		return forms[form](this, checkOptions("print", options, PRINT_OPTIONS));
	}

	/**
	 * Runs what is printed, as it is printed: TypeScript and plain loops by themselves, NumPy where
	 * `python` is given. Each line is judged on the premise that those before it are right: forward
	 * lines by the function, gradients by the engine, to 1e-12, and by differences of the printed
	 * forward lines. So that special values hide nothing, lines are compared at a second point too,
	 * where all float arguments are moved a little. Only a mark in the text exempts a line from
	 * those: what is held fixed is not moved, and a gradient that a `customGradient` gave is not
	 * compared.
	 * @returns a table of what was found; where nothing may run, such as under a
	 * Content-Security-Policy, it says so and is not `ok`
	 * @throws GradientError with that table when a line is wrong
	 */
	verify(options?: VerifyOptions): Verification {
		return verify(this, this.origin, options);
	}

	/** Operations, bytes, and what is kept from the forward pass, line by line. */
	cost(): Cost {
		return costOf(this);
	}

	/** What changes from this derivation to another. */
	diff(other: Derived): DerivationDiff {
		return diffOf(this, other);
	}

	/** In NumPy's notation, without the line break at its end. */
	toString(): string {
		return this.print("numpy").trimEnd();
	}

	/** What `console.log` shows in Node. */
	[Symbol.for("nodejs.util.inspect.custom")](): string {
		return this.toString();
	}
}
