import type { Answers } from "./answers.ts";
import { attention } from "./attention.ts";
import { broadcast } from "./broadcast.ts";
import { crossEntropy } from "./cross-entropy.ts";
import { layerNorm } from "./layer-norm.ts";
import { product } from "./product.ts";
import { recurrent } from "./recurrent.ts";
import { twoLayerNet } from "./two-layer-net.ts";

/** What readers write in each lesson, by its id. */
export const ANSWERS: Readonly<Record<string, Answers>> = {
	product: product,
	broadcast: broadcast,
	"two-layer-net": twoLayerNet,
	"cross-entropy": crossEntropy,
	"layer-norm": layerNorm,
	attention: attention,
	recurrent: recurrent,
};
