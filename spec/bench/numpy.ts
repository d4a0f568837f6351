import { spawnSync } from "node:child_process";

/**
 * Milliseconds of the best of many runs of NumPy expressions, after statements that prepare them;
 * null where Python or NumPy is missing.
 */
export function numpyTimes(
	prepare: string,
	expressions: Record<string, string>,
	rounds: number,
): Record<string, number> | null {
	const program = `
import json, sys, time
import numpy as np
${prepare}
best = {}
for name, source in json.loads(sys.argv[1]).items():
    code = compile(source, name, "eval")
    times = []
    for _ in range(int(sys.argv[2])):
        start = time.perf_counter()
        eval(code)
        times.append(time.perf_counter() - start)
    best[name] = 1e3 * min(times)
print(json.dumps(best))
`;
	const args = ["-c", program, JSON.stringify(expressions), `${rounds}`];
	const { status, stdout } = spawnSync("python3", args, { encoding: "utf8" });
	return status === 0 ? (JSON.parse(stdout) as Record<string, number>) : null;
}
