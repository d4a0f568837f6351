import { DerivationError } from "../core/error.ts";
import { checkOptions } from "../core/options.ts";
import { type Cost, costOf } from "./cost.ts";
import { type DerivationDiff, diffOf } from "./diff.ts";
import type { Derived } from "./draft/model.ts";
import { type Form, forms } from "./forms.ts";
import { PRINT_OPTIONS, type PrintOptions } from "./printers/print-options.ts";
import { type Origin, type Verification, verify } from "./verify.ts";

/**
 * A derivation: forward and backward pass as statements, to be printed, checked, counted and
 * compared.
 */
export class Derivation implements Derived {
	readonly arguments: Derived["arguments"];
	readonly constants: Derived["constants"];
	readonly forward: Derived["forward"];
	readonly backward: Derived["backward"];
	readonly program: Derived["program"];
	readonly steps: Derived["steps"];
	readonly axesOf: Derived["axesOf"];
	readonly sizes: Derived["sizes"];
	readonly values: Derived["values"];
	private readonly origin: Origin;

	/** @internal */
	constructor(derived: Derived, origin: Origin) {
		this.arguments = derived.arguments;
		this.constants = derived.constants;
		this.forward = derived.forward;
		this.backward = derived.backward;
		this.program = derived.program;
		this.steps = derived.steps;
		this.axesOf = derived.axesOf;
		this.sizes = derived.sizes;
		this.values = derived.values;
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
	 * Runs the statements as they stand and compares the result and each gradient with the engine's,
	 * to 1e-12, and each gradient with differences of the forward statements. What `stopGradient` was
	 * applied to is held fixed there; a gradient that goes through a `customGradient` may differ from
	 * them, and the table says where it does.
	 * @returns a table of what was found
	 * @throws GradientError with that table when a line is wrong
	 */
	verify(): Verification {
		return verify(this, this.origin);
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
