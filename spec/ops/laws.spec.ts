import { checkOp } from "../../lib/check/check-op.ts";
import { records } from "../../lib/check/records.ts";
import { LAW_RUNS } from "../runs.ts";
import { suite } from "../suite.ts";

suite("ops/laws", (test) => {
	for (const op of records)
		test(`${op.name} obeys every law`, () => checkOp(op, { runs: LAW_RUNS }));
});
