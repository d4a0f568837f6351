import type { DType } from "../../../core/dtype.ts";
import { Unsupported } from "../../backend.ts";
import { checked } from "./primitives.ts";
import type { ShaderWriter } from "./shader.ts";
import { asF32, asI32, type TermValue } from "./values.ts";

/** A whole number without the fraction of an f32, which has to fit. */
const truncated = checked(
	"truncated",
	(fail) => `fn truncated(x: f32) -> i32 {
	if (!(x >= -2147483648f && x < 2147483648f)) { ${fail} return 0; }
	return i32(x);
}`,
);

/** A value in another dtype. */
export function castTo(m: ShaderWriter, dtype: DType, value: TermValue): TermValue {
	switch (dtype) {
		case "float32":
			return { type: "f32", text: asF32(m, value) };
		case "int32":
			return value.type === "f32"
				? { type: "i32", text: truncated(m, value.text) }
				: { type: "i32", text: asI32(m, value) };
		case "bool":
			if (value.type === "bool") return value;
			return value.type === "f32"
				? { type: "bool", text: `(!(${value.text} == 0f))` }
				: { type: "bool", text: `(${asI32(m, value)} != 0)` };
		case "float64":
			throw new Unsupported("float64 on the device");
	}
}
