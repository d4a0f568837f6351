import type { OpLowering } from "../core/op-lowering.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Batch } from "./batch.ts";
import { batchOfConvolutions } from "./batch-convolution.ts";
import {
	batchOfAddedParts,
	batchOfAddedTuples,
	batchOfParts,
	batchOfTuples,
} from "./batch-indexing.ts";
import { batchOfOuters, batchOfProducts } from "./batch-products.ts";

// biome-ignore lint/suspicious/noExplicitAny: the kind of an op says what parameters it has
type Rule = (batch: Batch<any>) => Tensor;

/** The kinds of ops for which a batch is more than the same with one more axis in front. */
export const batchRules: Partial<Record<OpLowering, Rule>> = {
	product: batchOfProducts,
	"outer product": batchOfOuters,
	convolution: (batch) => batchOfConvolutions(batch, ["images", "filters", "results"]),
	"convolution to images": (batch) => batchOfConvolutions(batch, ["results", "filters", "images"]),
	"convolution to filters": (batch) => batchOfConvolutions(batch, ["images", "results", "filters"]),
	parts: batchOfParts,
	"parts added": batchOfAddedParts,
	tuples: batchOfTuples,
	"tuples added": batchOfAddedTuples,
};
