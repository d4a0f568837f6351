import type { DType } from "../../core/dtype.ts";
import type { Executor, Move, Movement, Outcome, Visit } from "./executor.ts";
import type { ProgramText } from "./program.ts";
import type { Elements } from "./values.ts";

/**
 * Runs a program in a Python that has NumPy, and returns what it prints. In Node: `(source) =>
 * execFileSync("python3", ["-"], { input: source, encoding: "utf8" })`.
 */
export type PythonRunner = (source: string) => string;

/** What is done in Python: it runs the parts, and answers in JSON. */
const HARNESS = `import json, sys
import numpy as np
_q = json.loads(QUESTION)

def _like(a, like):
    if isinstance(like, np.ndarray):
        return a.astype(like.dtype)
    return a.astype(like.dtype)[()] if isinstance(like, np.generic) else a.item()

def _read(x, like=None):
    shape, values, dtype = x
    a = np.array(values, dtype=np.float64).astype(getattr(np, dtype)).reshape(shape)
    return _like(a, like) if a.size == 1 and not shape or isinstance(like, np.ndarray) else a

def _show(x):
    x = np.asarray(x)
    kind = {"b": "bool", "i": "int32", "u": "int32"}.get(x.dtype.kind, "float64")
    if x.dtype == np.float32:
        kind = "float32"
    return [list(x.shape), x.astype(np.float64).ravel().tolist(), kind]

def _run(part, env):
    try:
        exec(_code[part], env)
    except Exception as e:
        return type(e).__name__ + ": " + str(e)

def _compile(text):
    try:
        return compile(text, "derivation", "exec")
    except SyntaxError as e:
        return "raise SyntaxError(" + repr(str(e)) + ")"

def _outcome(env, name):
    try:
        return _show(env[name])
    except Exception as e:
        return type(e).__name__ + ": " + str(e)

def _move(env, probe, step):
    weighted = dict(probe["weights"])
    def at(by):
        moved = dict(env)
        u = env[probe["of"]]
        x = np.asarray(u, dtype=np.float64) + by * np.array(probe["direction"]).reshape(np.shape(u))
        moved[probe["of"]] = _like(x, u)
        counted = dict(moved)
        for part in probe["parts"]:
            if _run(part, moved):
                return None
            for name in _q["parts"][part][1]:
                if name in moved and (name in weighted or name in probe["held"]):
                    counted[name] = moved[name]
                    moved[name] = env[name]
        return counted
    plus, minus = at(step), at(-step)
    if plus is None or minus is None:
        return [np.nan] * 4
    odd, even, squares, load = 0.0, 0.0, 0.0, 0.0
    for name, weight in probe["weights"]:
        w = np.array(weight)
        p, b, m = (np.asarray(e[name], dtype=np.float64).ravel() for e in (plus, env, minus))
        still = (w == 0) | ((p == m) & (p == b))
        terms = np.where(still | (p == m), 0, w * (p - m))
        odd, squares = odd + terms.sum(), squares + np.square(terms).sum()
        greatest = np.max(np.abs([p, b, m]), axis=0)
        load += (np.abs(w) * greatest)[np.isfinite(greatest)].sum()
        even += np.abs(np.where(still, 0, w * (p - b + (m - b)))).sum()
    return [odd / (2 * step), even / (2 * step), np.sqrt(squares) / (2 * step), load / (2 * step)]

def _visit(env, visits):
    made, found = {}, []
    for v in visits:
        env.update(v["places"])
        for name, x in v["set"]:
            env[name] = _read(x, env.get(name))
        text = v["text"]
        if text not in made:
            made[text] = _compile(text)
        try:
            exec(made[text], env)
            found.append(None if v["shows"] is None else _show(eval(v["shows"], env)))
        except Exception as e:
            found.append(None if v["shows"] is None else type(e).__name__ + ": " + str(e))
    return found

_code = [_compile(text) for text, _ in _q["parts"]]
_env = {name: _read(x) for name, x in _q["given"]}
_expected = dict(_q["expected"])
_answer = {"values": []}
with np.errstate(all="ignore"):
    for _i, (_text, _names) in enumerate(_q["parts"]):
        _stop = _run(_i, _env)
        for _name in _names if _q["shown"] else []:
            _found = _stop or _outcome(_env, _name)
            if _stop or _name in _expected or not isinstance(_found, str):
                _answer["values"].append([_name, _found])
        for _name in _names:
            if _name in _expected:
                _env[_name] = _read(_expected[_name], _env.get(_name))
    _answer["visited"] = _visit(dict(_env), _q["visits"])
    _answer["moved"] = [[[float(x) for x in _move(_env, p, h)] for h in p["steps"]] for p in _q["probes"]]
    if _q["whole"] is not None:
        _all = {name: _read(x) for name, x in _q["given"]}
        try:
            exec(compile(_q["whole"], "derivation", "exec"), _all)
            _answer["whole"] = [[name, _outcome(_all, name)] for name in _q["names"]]
        except Exception as e:
            _answer["whole"] = [[name, type(e).__name__ + ": " + str(e)] for name in _q["names"]]
json.dump(_answer, sys.stdout)
`;

type Shown = readonly [shape: number[], values: (number | string)[], dtype: DType];

interface Answer {
	readonly values: readonly (readonly [string, Shown | string])[];
	readonly visited: readonly (Shown | string | null)[];
	readonly moved: readonly (readonly (readonly (number | string)[])[])[];
	readonly whole?: readonly (readonly [string, Shown | string])[];
}

/** Runs a program in NumPy as it stands. Each call starts Python once. */
export class PythonExecutor implements Executor {
	private readonly program: ProgramText;
	private readonly given: ReadonlyMap<string, Elements>;
	private readonly python: PythonRunner;
	private lastGiven: unknown[] = [];
	private expected: ReadonlyMap<string, Elements> = new Map();

	constructor(program: ProgramText, given: ReadonlyMap<string, Elements>, python: PythonRunner) {
		this.program = program;
		this.given = given;
		this.python = python;
	}

	run(
		expected: ReadonlyMap<string, Elements>,
		given: ReadonlyMap<string, Elements> = new Map(),
	): ReadonlyMap<string, Outcome> {
		this.expected = expected;
		this.lastGiven = shown(new Map([...this.given, ...given]));
		return outcomes(this.ask({ shown: true, given: this.lastGiven }).values);
	}

	visit(visits: readonly Visit[]): readonly (Outcome | null)[] {
		if (visits.length === 0) return [];
		const asked = visits.map(({ set, places, text, shows }) => ({
			set: shown(set as ReadonlyMap<string, Elements>),
			places: Object.fromEntries(places),
			...{ text, shows },
		}));
		const { visited } = this.ask({ visits: asked, given: this.lastGiven });
		return visited.map((answer) => (answer === null ? null : outcomeOf(answer)));
	}

	move(probes: readonly Move[]): readonly (readonly Movement[])[] {
		if (probes.length === 0) return [];
		const asked = probes.map((probe) => ({
			...probe,
			direction: [...probe.direction],
			held: [...probe.held],
			weights: [...probe.weights].map(([name, weight]) => [name, [...weight]]),
		}));
		return this.ask({ probes: asked }).moved.map((steps) =>
			steps.map((numbers) => {
				const [slope, bend, size, load] = numbers.map(Number) as [number, number, number, number];
				return { slope, bend, size, load };
			}),
		);
	}

	whole(names: readonly string[]): ReadonlyMap<string, Outcome> {
		return outcomes(this.ask({ whole: this.program.body, names }).whole!);
	}

	private ask(question: object): Answer {
		const { parts } = this.program;
		const all = {
			parts: parts.map(({ text, writes }) => [text, writes]),
			given: shown(this.given),
			expected: shown(this.expected),
			shown: false,
			visits: [],
			probes: [],
			whole: null,
			names: [],
			...question,
		};
		const text = JSON.stringify(JSON.stringify(all, forPython).replaceAll(MARKED, "$1"));
		const output = this.python(HARNESS.replace("QUESTION", () => text));
		return JSON.parse(output.replace(/(?<=[[ ,])-?(NaN|Infinity)(?=[\],])/g, '"$&"')) as Answer;
	}
}

/** Numbers that JSON lacks, between marks that are taken off with the quotes. */
const MARKED = /"\uE000(NaN|-?Infinity|-0\.0)"/g;

function forPython(_: string, value: unknown): unknown {
	if (Object.is(value, -0)) return "\uE000-0.0";
	return typeof value === "number" && !Number.isFinite(value) ? `\uE000${value}` : value;
}

function shown(values: ReadonlyMap<string, Elements>): unknown[] {
	return [...values].map(([name, { shape, values: elements, dtype }]) => [
		name,
		[shape, [...elements], dtype === "bool" ? "bool_" : dtype],
	]);
}

function outcomes(answers: Answer["values"]): ReadonlyMap<string, Outcome> {
	return new Map(answers.map(([name, answer]) => [name, outcomeOf(answer)]));
}

function outcomeOf(answer: Shown | string): Outcome {
	if (typeof answer === "string") return { kind: "stopped", message: answer };
	const [shape, values, dtype] = answer;
	return {
		kind: "value",
		value: { shape, values: Float64Array.from(values, Number), dtype },
	};
}
