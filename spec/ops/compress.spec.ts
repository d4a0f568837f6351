import { compile } from "../../lib/compile/index.ts";
import {
	compress,
	DTypeError,
	ShapeError,
	type Tensor,
	TraceError,
	tensor,
} from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const m = tensor([
	[1, 2, 3],
	[4, 5, 6],
]);

suite("ops/compress", (test) => {
	test("compress takes entries of an axis, or elements", () => {
		const condition = tensor([true, false, true]);
		same(compress(condition, m, 1), [
			[1, 3],
			[4, 6],
		]);
		same(compress(condition, m, -1, { size: 3, fill: 0 }), [
			[1, 3, 0],
			[4, 6, 0],
		]);
		same(compress(tensor([true, false, false, true, true, false]), m), [1, 4, 5]);
		refuses(() => compress(condition, m), ShapeError, "compress: expected a mask");
		refuses(() => compress(m.greater(1), m), ShapeError, "compress: expected a condition");
		refuses(() => compress(tensor([1, 0]), m, 0), DTypeError, "compress: expected a condition");
		refuses(
			() => compile((x: Tensor) => compress(x.greater(1), x))(tensor([1, 2])),
			TraceError,
			"compress: ",
		);
	});
});
