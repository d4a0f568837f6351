import * as assert from "uvu/assert";
import {
	bell,
	erf,
	erfc,
	gelu,
	normalCumulative,
	normalDensity,
} from "../../../../lib/backends/wasm/math/error-function.ts";
import {
	exp,
	exp2,
	expm1,
	sigmoid,
	sigmoidSlope,
	silu,
	tanh,
} from "../../../../lib/backends/wasm/math/exponential.ts";
import { log, log1p, log2, log10, softplus } from "../../../../lib/backends/wasm/math/logarithm.ts";
import { cos, sin } from "../../../../lib/backends/wasm/math/trigonometric.ts";
import { big, withBits, ZERO } from "../../../reference/big-float.ts";
import { definitions } from "../../../reference/elementwise.ts";
import { constant } from "../../../reference/jets.ts";
import { distance } from "../../../reference/units.ts";
import { suite } from "../../../suite.ts";
import { points, type VectorFunction, valuesAt } from "./vector-functions.ts";

interface Case {
	readonly vector: VectorFunction;
	/** From where to where the function neither over- nor underflows. */
	readonly range: readonly [number, number];
	readonly bound?: number;
	readonly scalar?: (x: number) => number;
}

const cases: Record<string, Case> = {
	exp: { vector: exp, range: [-750, 709.7] },
	expm1: { vector: expm1, range: [-750, 709.7] },
	exp2: { vector: exp2, range: [-1080, 1023.9] },
	log: { vector: log, range: [5e-324, Number.MAX_VALUE] },
	log2: { vector: log2, range: [5e-324, Number.MAX_VALUE] },
	log10: { vector: log10, range: [5e-324, Number.MAX_VALUE] },
	log1p: { vector: log1p, range: [-1 + 2 ** -53, 1e30] },
	tanh: { vector: tanh, range: [-40, 40] },
	sigmoid: { vector: sigmoid, range: [-745, 745] },
	sigmoidSlope: { vector: sigmoidSlope, range: [-740, 740] },
	silu: { vector: silu, range: [-700, 700] },
	softplus: { vector: softplus, range: [-745, 700] },
	erf: { vector: erf, range: [-6, 6] },
	erfc: { vector: erfc, range: [-6, 27.2] },
	bell: { vector: bell, range: [-27.2, 27.2] },
	normalDensity: { vector: normalDensity, range: [-38.5, 38.5] },
	normalCumulative: { vector: normalCumulative, range: [-38.4, 8], bound: 2.5 },
	gelu: { vector: gelu, range: [-38.4, 8], bound: 2.5 },
	sin: { vector: sin, range: [-1e300, 1e300], scalar: Math.sin },
	cos: { vector: cos, range: [-1e300, 1e300], scalar: Math.cos },
};

suite("wasm/math in float64", (test) => {
	for (const [name, { vector, range, bound = 2, scalar }] of Object.entries(cases)) {
		test(`${name} is within ${bound} ulp of the truth`, () => {
			const [least, greatest] = range;
			const inside = points(900, Math.min(800, greatest), "float64").filter(
				(x) => x >= least && x <= greatest,
			);
			const at = Float64Array.from(
				[...inside, ...range, 1, 0.5, 0.75, 1.5].filter((x) => x >= least),
			);
			const values = valuesAt(vector, at, scalar);
			let worst = 0;
			for (const [i, x] of at.entries()) {
				const { v } = withBits(224, () => definitions[name]!.of(constant(big(x)), constant(ZERO)));
				const { units } = distance(values[i]!, v, "float64");
				if (!(units <= bound)) assert.unreachable(`${name}(${x}) = ${values[i]}: ${units} ulp`);
				worst = Math.max(worst, units);
			}
			assert.ok(worst > 0, "nothing was rounded");
		});
	}
});
