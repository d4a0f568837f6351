import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../../suite.ts";
import type { Cases, Outcome } from "./case.ts";
import { right, wrong } from "./cases.ts";
import {
	approves,
	keptPeers,
	mistakesIn,
	mistakesOfPeers,
	outcomesOf,
	unexpectedIn,
} from "./outcomes.ts";
import { table } from "./table.ts";

/** Of the right functions so many may be left undecided. */
const UNDECIDED = 2;

/** Every twelfth one, without those that take long; `npm run trial` asks about all. */
const everyTwelfth = (cases: Cases): Cases =>
	Object.fromEntries(Object.entries(cases).filter(([, one], i) => i % 12 === 0 && !one.isLong));

const asked = { ...everyTwelfth(wrong), ...everyTwelfth(right) };
let kept: Record<string, Outcome> | null = null;
/** What our check says of those, computed once. */
const outcomes = () => (kept ??= outcomesOf(asked));

suite("check/trial", (test) => {
	test("there are 64 wrong functions and 58 right ones, and a twelfth of them are tried here", () => {
		assert.is(Object.keys(wrong).length, 64);
		assert.is(Object.keys(right).length, 58);
		assert.ok(Object.keys(asked).length >= 9);
	});

	test("no wrong function is approved", () => {
		assert.equal(mistakesIn(outcomes()).letThrough, []);
	});

	test("no right function fails, and at most two are undecided", () => {
		const { refused } = mistakesIn(outcomes());
		assert.equal(
			refused.filter((name) => outcomes()[name] !== "ill-conditioned"),
			[],
		);
		assert.ok(refused.length <= UNDECIDED, String(refused));
	});

	test("each function has the verdict that stands beside it", () => {
		assert.equal(unexpectedIn(outcomes()), []);
	});

	test("what another library catches is caught, and what each leaves unconfirmed is more", () => {
		const peers = keptPeers();
		assert.equal(Object.keys(peers), ["torch", "jax", "autograd"]);
		const { letThrough, refused } = mistakesIn(outcomes());
		for (const [name, peer] of Object.entries(peers)) {
			const missed = letThrough.filter((one) => !approves(peer.outcomes[one]!));
			assert.equal(missed, [], name);
			assert.ok(mistakesIn(peer.outcomes).refused.length > refused.length, name);
		}
	});

	test("docs/testing-gradients.md has the mistakes of each library as they were measured", () => {
		const document = readFileSync(join(import.meta.dirname, "../../../docs/testing-gradients.md"));
		const promised = Object.entries({ ...wrong, ...right }).map(([name, one]) => [
			name,
			one.expected,
		]);
		const adjoint = mistakesIn(Object.fromEntries(promised));
		const written = table({ adjoint, ...mistakesOfPeers() });
		assert.ok(document.includes(written), `the table should be\n${written}`);
	});

	test("the other libraries were asked about these very functions", () => {
		const names = [...Object.keys(wrong), ...Object.keys(right)].sort();
		for (const peer of Object.values(keptPeers())) {
			assert.equal(Object.keys(peer.outcomes).sort(), names);
		}
		const file = (name: string) => readFileSync(join(import.meta.dirname, "peers", name), "utf8");
		const ported = [file("wrong.py"), file("right.py")].join("\n");
		assert.equal(
			names.filter((name) => !ported.includes(`"${name}":`)),
			[],
		);
	});
});
