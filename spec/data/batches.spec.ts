import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { batchExamples, batches, trainTestSplit } from "../../lib/data/index.ts";
import { AdjointError, arange, random, ShapeError, type Tensor, tensor } from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

/** N rows: x holds the row's number twice, y once. */
const data = (count: number) => {
	const y = arange(count);
	return { x: y.expandDims(1).broadcastTo([count, 2]), y };
};

const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

suite("data/batches", (test) => {
	test("every row is in exactly one batch, beside what belongs to it", () => {
		fc.assert(
			fc.property(fc.nat(20), fc.integer({ min: 1, max: 8 }), fc.boolean(), (n, size, shuffled) => {
				const cut = batches(data(n), {
					batchSize: size,
					...(shuffled ? { key: random.key(n) } : {}),
				});
				const seen: number[] = [];
				for (const { x, y } of cut) {
					same(x, y.expandDims(1).broadcastTo([y.size, 2]));
					assert.ok(y.size === size || seen.length + y.size === n);
					seen.push(...y.data);
				}
				assert.is(cut.length, [...cut].length);
				assert.equal(shuffled ? sorted(seen) : seen, [...arange(n).data]);
			}),
		);
	});

	test("the same key gives the same order each time, another key another", () => {
		const order = (seed: number) => {
			const cut = batches(arange(50), { batchSize: 7, key: random.key(seed) });
			const run = () => [...cut].flatMap((x) => [...x.data]);
			assert.equal(run(), run());
			return run();
		};
		assert.not.equal(order(1), order(2));
	});

	test("dropLast leaves out a batch of fewer rows", () => {
		const cut = batches(arange(10), { batchSize: 4, dropLast: true });
		assert.equal(
			[...cut].map(({ size }) => size),
			[4, 4],
		);
		assert.is(cut.length, 2);
	});

	test("tensors of different numbers of rows are refused by name", () => {
		const wrong = { x: tensor([[1], [2]]), deep: [tensor([1])] };
		refuses(
			() => batches(wrong, { batchSize: 1 }),
			ShapeError,
			"(2×1) at data.x and (1) at data.deep[0]",
		);
		refuses(() => batches(tensor(1), { batchSize: 1 }), ShapeError, "() at data");
		refuses(() => batches([], { batchSize: 1 }), ShapeError, "at least one tensor");
		refuses(() => batches(tensor([1]), { batchSize: 0 }), ShapeError, "got 0");
		refuses(() => batches(tensor([1]), { batchSize: 1.5 }), ShapeError, "got 1.5");
	});

	test("a split puts every row into exactly one part", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 2, max: 30 }),
				fc.double({ min: 0.01, max: 0.99, noNaN: true }),
				fc.boolean(),
				(n, testFraction, shuffled) => {
					const key = random.key(n);
					const [train, tested] = trainTestSplit(
						data(n),
						shuffled ? { testFraction, key } : { testFraction },
					);
					const rows = [...train.y.data, ...tested.y.data];
					assert.equal(shuffled ? sorted(rows) : rows, [...arange(n).data]);
					assert.ok(train.y.size > 0 && tested.y.size > 0);
					assert.ok(Math.abs(tested.y.size - n * testFraction) <= 1);
				},
			),
		);
	});

	test("a split of one row, or by no fraction, is refused", () => {
		for (const testFraction of [0, 1, Number.NaN]) {
			refuses(() => trainTestSplit(arange(9), { testFraction }), ShapeError, "between 0 and 1");
		}
		refuses(() => trainTestSplit(arange(1), { testFraction: 0.5 }), ShapeError, "got 1 rows");
	});

	test("examples that come one by one are stacked into batches", async () => {
		async function* examples() {
			for (let i = 0; i < 5; i++) yield { x: tensor([i, i]), y: tensor(i) };
		}
		const seen: { x: Tensor; y: Tensor }[] = [];
		for await (const batch of batchExamples(examples(), 2)) seen.push(batch);
		assert.equal(
			seen.map(({ x }) => x.shape),
			[
				[2, 2],
				[2, 2],
				[1, 2],
			],
		);
		same(seen[1]!.y, [2, 3]);
	});

	test("examples that are not alike are refused", async () => {
		const take = async (examples: unknown[], size = 2) => {
			try {
				for await (const _ of batchExamples(examples, size));
			} catch (error) {
				return error;
			}
			return assert.unreachable("expected an error");
		};
		assert.match(
			String(await take([{ x: tensor(1) }, { y: tensor(1) }])),
			"of one structure, got {.x} and {.y}",
		);
		assert.instance(await take([tensor(1), tensor([1])]), AdjointError);
		assert.match(String(await take([tensor(1)], 0)), "batch size");
	});
});
