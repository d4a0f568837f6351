import * as assert from "uvu/assert";
import { records } from "../../lib/check/records.ts";
import { drawFrom, numbersFrom } from "../../lib/check/sampling.ts";
import { compile } from "../../lib/compile/index.ts";
import { apply, type Tensor } from "../../lib/index.ts";
import { suite } from "../suite.ts";
import { backend } from "./backend.ts";
import { nearSingle } from "./near-single.ts";

/** What has no shader: it runs on the host. */
const ON_HOST = [
	"adjugate",
	"argsort",
	"betainc",
	"cholesky",
	"choleskyGradient",
	"complexDft",
	"determinant",
	"determinantSign",
	"dftToReal",
	"eigenSystem",
	"eliminated",
	"expm",
	"gammainc",
	"gammaincSlope",
	"gammaincc",
	"inverse",
	"logDet",
	"pinv",
	"pivotOrder",
	"prodOthers",
	"realDft",
	"searchSorted",
	"singularSystem",
	"solve",
	"spectral",
	"stackedQR",
	"symmetricSlope",
	"triangularSolve",
	"winnerAt",
];

suite("webgpu, every op", (test) => {
	test("an op gives on the device what it gives by itself, in float32", async () => {
		const gpu = await backend();
		const failed: string[] = [];
		const onHost = new Set<string>();
		for (const op of records) {
			if (op.sample === undefined) continue;
			const draw = drawFrom(numbersFrom(4));
			for (let i = 0; i < 8; i++) {
				const { inputs, params } = op.sample(draw);
				const singles = inputs.map((x) => (x.dtype === "float64" ? x.astype("float32") : x));
				const f = (given: readonly Tensor[]) => apply(op, given, params);
				try {
					const expected = f(singles);
					if (expected.dtype === "float64") continue;
					const run = compile(f, { backend: gpu });
					const { notes } = run.explain(singles);
					const isEmpty = [...singles, expected].some(({ size }) => size === 0);
					if (!isEmpty && notes.some((note) => note.includes("on the host"))) onHost.add(op.name);
					const result = run(singles);
					await gpu.read(result);
					nearSingle(result, expected, op.name);
				} catch (error) {
					failed.push(`${op.name}: ${String(error).slice(0, 300)}`);
				}
			}
		}
		assert.equal(failed, []);
		assert.equal([...onHost], ON_HOST);
	});
});
