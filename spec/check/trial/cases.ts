import type { Cases } from "./case.ts";
import { chaotic } from "./right/chaos.ts";
import { edges } from "./right/edges.ts";
import { oscillating } from "./right/fast.ts";
import { kinks } from "./right/kinks.ts";
import { nearby } from "./right/nearby.ts";
import { rounded } from "./right/precision.ts";
import { scales } from "./right/scales.ts";
import { secondKinks } from "./right/second-kinks.ts";
import { branches } from "./wrong/branches.ts";
import { corners } from "./wrong/corners.ts";
import { factors } from "./wrong/factors.ts";
import { higherOrder } from "./wrong/higher-order.ts";
import { masks } from "./wrong/masks.ts";
import { remembering } from "./wrong/memory.ts";
import { normalizations } from "./wrong/normalizations.ts";
import { precise } from "./wrong/precision.ts";
import { products } from "./wrong/products.ts";

/** Functions whose derivatives are wrong: none of them may be approved. */
export const wrong: Cases = {
	...factors,
	...products,
	...normalizations,
	...masks,
	...remembering,
	...branches,
	...precise,
	...corners,
	...higherOrder,
};

/** Functions whose derivatives are right: none of them may fail. */
export const right: Cases = {
	...kinks,
	...secondKinks,
	...oscillating,
	...chaotic,
	...scales,
	...rounded,
	...edges,
	...nearby,
};
