import type { DType } from "../../core/dtype.ts";
import { call, literal } from "../../notation/call.ts";
import { typescriptOf } from "../../notation/forms.ts";
import { uniformNumber } from "../../program/builder.ts";
import type { Constant } from "../../program/program.ts";
import type { Name, Numeral } from "../draft/model.ts";
import { placeText } from "../text/places.ts";
import type { FormedConstant } from "./constants.ts";

/** The place of a loop as a tensor. */
export function placeTensor(place: Name, dtype: DType): string {
	const options = dtype === "float64" ? "" : `, ${literal({ dtype })}`;
	return `tensor(${placeText(place)}${options})`;
}

/** A number that says its dtype. */
export function typedText({ number, value: { type } }: Numeral): string {
	return `tensor(${literal(number)}, ${literal({ dtype: type.dtype })})`;
}

/** A constant, written out: filled with one number, or element by element. */
export function tensorText(value: Constant): string {
	const { tensor } = value;
	const options = tensor.dtype === "float64" ? undefined : { dtype: tensor.dtype };
	// Nested arrays cannot tell the shape of a tensor without elements.
	const number = tensor.size === 0 ? 0 : uniformNumber(value);
	if (number !== null && tensor.rank > 0) {
		if (tensor.dtype !== "bool" && Object.is(number, 0)) {
			return `zeros(${[tensor.shape, ...(options ? [options] : [])].map(literal).join(", ")})`;
		}
		return call("full", [literal(tensor.shape)], number, options).replace(
			/^(.*)\.full\(/,
			"full($1, ",
		);
	}
	return `tensor(${[tensor.toArray(), options]
		.filter((x) => x !== undefined)
		.map(literal)
		.join(", ")})`;
}

/** A constant by its constructor, or written out. */
export function constantText({ value, form }: FormedConstant): string {
	const { tensor } = value;
	const options = tensor.dtype === "float64" ? [] : [{ dtype: tensor.dtype }];
	const made = (name: string, size: unknown) =>
		`${name}(${[size, ...options].map(literal).join(", ")})`;
	switch (form.kind) {
		case "identity": {
			const eye = made("eye", form.size);
			return form.factor === 1 ? eye : `mul(${literal(form.factor)}, ${eye})`;
		}
		case "triangle":
			return typescriptOf(form.op, [made("ones", tensor.shape)], { k: form.k });
		default:
			return tensorText(value);
	}
}
