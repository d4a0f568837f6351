import type * as scalarFunctions from "../../../scalar/functions.ts";
import type * as library from "../../../scalar/library.ts";
import type { ScalarFunction } from "../../../scalar/scalar.ts";
import { bell, erf, erfc, erfNearZero, normalTail, wideBell } from "../math/error-function.ts";
import { cosh, exp, exp2, expm1, sigmoid, silu, sinh, tanh } from "../math/exponential.ts";
import { acos, asin, atan, atan2 } from "../math/inverse-trigonometric.ts";
import { acosh, asinh, atanh, log, log1p, log2, log10, logAddExp } from "../math/logarithm.ts";
import { pow } from "../math/power.ts";
import { floorMod, hypot, remainder, round, sign } from "../math/remainder.ts";
import type { WgslFunction } from "../math/source.ts";
import { cos, sin, tan } from "../math/trigonometric.ts";

/** JavaScript's functions. */
const natives = {
	...{ exp, expm1, log, log1p, log2, log10, sin, cos, tan, asin, acos, atan, atan2 },
	...{ sinh, cosh, tanh, asinh, acosh, atanh, sign, hypot, pow, remainder },
} satisfies Record<keyof typeof library, WgslFunction>;

type Defined = keyof typeof scalarFunctions | "wideBell" | "erfNearZero" | "normalTail";

/** Functions with formulas, of which some are for float64; the others are read from them. */
const defined = {
	...{ exp2, round, floorMod, logAddExp, sigmoid, silu },
	...{ bell, wideBell, erf, erfc, erfNearZero, normalTail },
} satisfies Partial<Record<Defined, WgslFunction>>;

const functions = new Map(Object.entries<WgslFunction>({ ...natives, ...defined }));

/** The code of a function; null for one that is read from its formula. */
export function ownFunction({ name }: ScalarFunction): WgslFunction | null {
	return functions.get(name) ?? null;
}
