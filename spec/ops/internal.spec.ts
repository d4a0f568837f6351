import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { records } from "../../lib/check/records.ts";
import type { Op } from "../../lib/core/op.ts";
import * as adjoint from "../../lib/index.ts";
import { suite } from "../suite.ts";

const folder = join(import.meta.dirname, "../../lib/ops");

/** The ops that functions of a module carry, by the names of the functions. */
function opsOf(module: object): Map<string, Op> {
	return new Map(
		Object.entries(module).flatMap(([name, value]): [string, Op][] =>
			typeof value === "function" && "op" in value ? [[name, value.op as Op]] : [],
		),
	);
}

const called = opsOf(adjoint);
const internal = opsOf(adjoint.internal);
const defined = new Map<string, Op>();
for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
	if (!file.endsWith(".ts")) continue;
	for (const [name, op] of opsOf(await import(join(folder, file)))) defined.set(name, op);
}

suite("ops/internal", (test) => {
	test("an op is one that users call or an internal one, and has its record", () => {
		const places = [...defined].map(([name, op]) => [
			name,
			Number(called.get(name) === op) + Number(internal.get(name) === op),
		]);
		assert.equal(
			places.filter(([, count]) => count !== 1),
			[],
		);
		assert.equal(records.map(({ name }) => name).toSorted(), [...defined.keys()].toSorted());
	});

	test("an internal op is no method, and every method is a function that users call", () => {
		const methods = Object.getOwnPropertyNames(adjoint.Tensor.prototype);
		assert.equal(
			methods.filter((name) => name in adjoint.internal),
			[],
		);
		const ops = methods.filter((name) => defined.has(name));
		assert.equal(
			ops.filter((name) => !called.has(name)),
			[],
		);
		assert.ok(ops.includes("sigmoid") && internal.has("sigmoidSlope"));
	});
});
