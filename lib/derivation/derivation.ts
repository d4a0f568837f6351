import { type Form, forms } from "./forms.ts";
import type { Derived } from "./model.ts";
import type { PrintOptions } from "./print-options.ts";
import type { Flat } from "./record.ts";

/** A derivation: forward and backward pass as statements that have been run, to be printed, checked and compared. */
export class Derivation implements Derived {
	readonly arguments: Derived["arguments"];
	readonly constants: Derived["constants"];
	readonly forward: Derived["forward"];
	readonly backward: Derived["backward"];
	readonly program: Derived["program"];
	readonly steps: Derived["steps"];
	readonly axesOf: Derived["axesOf"];
	/** The function and the arguments that it was derived at. */
	readonly source: Flat;

	constructor(derived: Derived, source: Flat) {
		this.arguments = derived.arguments;
		this.constants = derived.constants;
		this.forward = derived.forward;
		this.backward = derived.backward;
		this.program = derived.program;
		this.steps = derived.steps;
		this.axesOf = derived.axesOf;
		this.source = source;
	}

	/** The derivation as text in one of the forms. */
	print(form: Form, options: PrintOptions = {}): string {
		return forms[form](this, options);
	}

	/** In NumPy's notation. */
	toString(): string {
		return this.print("numpy");
	}
}
