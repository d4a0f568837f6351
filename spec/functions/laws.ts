// Run by itself, since what another file has loaded would count: every op by every law, where
// tensors have no methods.
import { checkOp } from "../../lib/check/check-op.ts";
import { records } from "../../lib/check/records.ts";
import { Tensor } from "../../lib/functions.ts";

for (const op of records) if (op.sample !== undefined) checkOp(op, { runs: 1, seed: 1 });
const methods = records.filter(({ name }) => name in Tensor.prototype);
console.log(`${methods.length} methods`);
