import * as assert from "uvu/assert";
import { derive } from "../../../lib/derivation/index.ts";
import { numpyStatements } from "../../../lib/derivation/printers/numpy.ts";
import { SizeWriter } from "../../../lib/derivation/text/size-writer.ts";
import { random, type Tensor, tensor, valueAndGrad } from "../../../lib/index.ts";
import { near } from "../../near.ts";
import { suite } from "../../suite.ts";
import { asArray, hasNumPy, runPython } from "../python.ts";
import { runPrinted } from "../run-printed.ts";

/** A function, and the lines that a textbook has for it. */
export interface TextbookForm {
	readonly f: (...args: Tensor[]) => Tensor;
	/** The axes of each argument, by their names in `SIZES`; the first is differentiated. */
	readonly shapes: Readonly<Record<string, readonly string[]>>;
	/** What an argument is made of, where not all numbers will do. */
	readonly make?: Readonly<Record<string, (x: Tensor) => Tensor>>;
	/** The lines forward in NumPy; left out: not looked at. */
	readonly forward?: readonly string[];
	/** The lines backward; left out: not looked at. */
	readonly backward?: readonly string[];
	/** Parts of the text in LaTeX. */
	readonly latex?: readonly string[];
}

/** The sizes at which a form is derived, and others at which what is printed is run. */
const SIZES = { B: [2, 3], N: [4, 6], D: [3, 5], K: [5, 2], M: [6, 4] } as const;

type Args = Record<string, Tensor>;

function argumentsAt({ shapes, make = {} }: TextbookForm, at: 0 | 1): Args {
	const key = random.key(7);
	return Object.fromEntries(
		Object.entries(shapes).map(([name, axes], i) => {
			const shape = axes.map((axis) => SIZES[axis as keyof typeof SIZES][at]);
			const x = random.normal(random.split(key, 9)[i]!, shape);
			return [name, make[name]?.(x) ?? x];
		}),
	);
}

/**
 * Checks that each form is printed as it stands there, and that NumPy and TypeScript as printed
 * give the engine's gradient at the sizes that it was derived at and at others.
 */
export function checkForms(title: string, forms: Readonly<Record<string, TextbookForm>>): void {
	const isThere = hasNumPy();
	if (!isThere) console.log(`${title}: no python3 with NumPy here, so NumPy is not run`);
	suite(title, (test) => {
		const programs: string[] = [];
		const expected: [name: string, gradient: Tensor][] = [];
		for (const [name, form] of Object.entries(forms)) {
			test(name, () => {
				const derivation = derive(form.f, argumentsAt(form, 0), { axes: form.shapes });
				const write = numpyStatements(derivation, new SizeWriter(derivation.sizes));
				if (form.forward !== undefined) {
					assert.equal(derivation.forward.flatMap(write), form.forward);
				}
				if (form.backward !== undefined) {
					assert.equal(derivation.backward.flatMap(write), form.backward);
				}
				const latex = derivation.print("latex");
				for (const part of form.latex ?? []) assert.ok(latex.includes(part), latex);
				derivation.verify();
				const text = derivation.print("numpy");
				assert.not.match(text, "Holds for these shapes only");
				const [first] = Object.keys(form.shapes);
				for (const at of [0, 1] as const) {
					const args = argumentsAt(form, at);
					const [, gradient] = valueAndGrad(form.f)(...(Object.values(args) as [Tensor]));
					const ran = runPrinted(derivation.print("ts"), new Map(Object.entries(args)));
					near(ran[`grad_${first}`] as Tensor, gradient);
					const given = Object.entries(args).map(([key, x]) => `${key} = ${asArray(x)}`);
					const program = ["import numpy as np", ...given, text].join("\n");
					programs.push(
						`space = {}\nexec(${JSON.stringify(program)}, space)\n` +
							`r${programs.length} = space["grad_${first}"]`,
					);
					expected.push([name, gradient]);
				}
			});
		}
		test("run as printed, NumPy gives the engine's gradients, at other sizes too", () => {
			if (!isThere) return;
			const names = programs.map((_, i) => `r${i}`);
			const found = runPython(["import numpy as np", ...programs].join("\n"), names);
			for (const [i, [, gradient]] of expected.entries()) {
				const { elements, shape } = found.get(`r${i}`)!;
				near(tensor(elements).reshape(shape), gradient);
			}
		});
	});
}
