import { parseArgs } from "node:util";
import { type Form, forms } from "../derivation/forms.ts";
import { HEADINGS, type Lang } from "../derivation/text/headings.ts";
import { ENGINES, type Engines } from "../export/jax/helpers.ts";
import { FLOAT_ELEMENTS, type FloatElement } from "../export/onnx/element-types.ts";
import { CommandError } from "./failure.ts";

/** What the command is asked to derive, and what to print of it. */
export interface DeriveCommand {
	readonly kind: "derive";
	readonly file: string;
	/** The name of the exported function; null where it need not be told. */
	readonly exported: string | null;
	readonly format: Form;
	readonly lang: Lang;
	/** Where to write; null: standard output. */
	readonly out: string | null;
	/** Whether the lines are checked, with a table of what was found. */
	readonly verify: boolean;
	/** Whether a table tells what each line costs. */
	readonly cost: boolean;
	/** Names of axes by the name of their argument, which go before those that the file exports. */
	readonly axes: Readonly<Record<string, readonly string[]>>;
}

/** What the command is asked to write for another engine. */
export interface ExportCommand extends Engines {
	readonly kind: "export";
	readonly file: string;
	readonly exported: string | null;
	readonly to: "jax" | "onnx";
	/** The folder to write. */
	readonly out: string;
	/** Names of axes by the place of their leaf, as `params.w1`. */
	readonly axes: Readonly<Record<string, readonly string[]>>;
	/** Which of these axes have a size that is known only when a model runs. */
	readonly dynamic: readonly string[];
	/** The type of all floats of a model; null: each its own. */
	readonly float: FloatElement | null;
}

/** What the words of a command line ask for. */
export type Command =
	| DeriveCommand
	| ExportCommand
	| { readonly kind: "help" }
	| { readonly kind: "version" };

const FORMS = Object.keys(forms) as Form[];
const LANGS = Object.keys(HEADINGS) as Lang[];

/** The form that a file with this ending is written in. */
const ENDINGS: Readonly<Record<string, Form>> = {
	py: "numpy",
	ts: "ts",
	mts: "ts",
	js: "plain",
	mjs: "plain",
	tex: "latex",
	md: "markdown",
	html: "html",
	htm: "html",
};

/** What `--help` shows. */
export const HELP = `Usage: adjoint derive FILE [options]
       adjoint export FILE --to jax|onnx --out FOLDER [options]

derive: the gradient of the function that FILE exports, line by line.

  --export NAME   which function to derive; left out: the default export, or the only function
  --format FORM   ${FORMS.join(", ")};
                  left out: what the ending of --out says (.py .ts .js .tex .md .html), or numpy
  --lang LANG     ${LANGS.join(", ")}; left out: en
  --out FILE      the file to write; left out: standard output
  --axes X=N,D    names of the axes of the argument x; give it once for each argument
  --verify        check every line, and show what was found; a wrong line is an error
  --cost          show what each line costs

export: a function that FILE exports as a program for another engine. For JAX it is a training step,
which returns what it hands on to the next, and its loss, and whose last argument is a batch; the
folder has model.py, train.py and start.safetensors, which train it. For ONNX it is any function;
the folder has model.onnx, and model.onnx.data with what the function closes over.

  --to ENGINE     jax, onnx
  --out FOLDER    the folder to write
  --export NAME   which function to export
  --axes W=IN,OUT names of the axes of a leaf, as in params.w1=in,hidden; give it once for each leaf
  --dynamic NAME  onnx: axes of this name have the size that the model is given; once for each name
  --float TYPE    onnx: float16, float32 or float64 for all floats; left out: each its own
  --grad WHO      jax: JAX differentiates the forward pass; left out: adjoint, whose lines are written
  --rng WHO       jax: jax.random draws, other numbers; left out: adjoint, the numbers drawn here

  --version       the version of adjoint
  --help          this text

The tables of --verify and --cost, and what FILE itself prints, go to standard error.

FILE is a module in JavaScript, or in TypeScript if tsx is installed or Node can read it. It exports
the function, its arguments by name as \`args\`, and, if you want, options of \`derive\` as \`options\`:

  export const loss = (w, x, y) => x.dot(w).sub(y).square().sum();
  export const args = { w: ones([3, 1]), x: ones([8, 3]), y: ones([8, 1]) };
  export const options = { axes: { x: ["N", "D"] } };
`;

const OPTIONS = {
	export: { type: "string" },
	format: { type: "string" },
	lang: { type: "string", default: "en" },
	out: { type: "string" },
	to: { type: "string" },
	axes: { type: "string", multiple: true, default: [] as string[] },
	dynamic: { type: "string", multiple: true, default: [] as string[] },
	float: { type: "string" },
	grad: { type: "string", default: "adjoint" },
	rng: { type: "string", default: "adjoint" },
	verify: { type: "boolean", default: false },
	cost: { type: "boolean", default: false },
	version: { type: "boolean", default: false },
	help: { type: "boolean", short: "h", default: false },
} as const;

/**
 * What the words of a command line ask for; no words ask for the help.
 * @throws CommandError when they ask for nothing that there is
 */
export function parse(words: readonly string[]): Command {
	const { values, positionals } = parsed(words);
	if (values.help || words.length === 0) return { kind: "help" };
	if (values.version) return { kind: "version" };
	const [name, file, ...rest] = positionals;
	if ((name !== "derive" && name !== "export") || file === undefined || rest.length > 0) {
		throw new CommandError(
			`expected "adjoint derive FILE" or "adjoint export FILE", got "${["adjoint", ...positionals].join(" ")}"; see adjoint --help`,
		);
	}
	const exported = values.export ?? null;
	const axes = Object.fromEntries(values.axes.map(namedAxes));
	if (name === "export") {
		const to = oneOf("to", values.to ?? "nothing", ["jax", "onnx"] as const);
		const { out, dynamic } = values;
		if (out === undefined) throw new CommandError("expected --out to name the folder to write");
		const float = values.float === undefined ? null : oneOf("float", values.float, FLOAT_ELEMENTS);
		const grad = oneOf("grad", values.grad, ENGINES);
		const rng = oneOf("rng", values.rng, ENGINES);
		return { kind: "export", file, exported, to, out, axes, dynamic, float, grad, rng };
	}
	const out = values.out ?? null;
	return {
		kind: "derive",
		file,
		exported,
		format: oneOf("format", values.format ?? formOf(out), FORMS),
		lang: oneOf("lang", values.lang, LANGS),
		out,
		verify: values.verify,
		cost: values.cost,
		axes,
	};
}

function parsed(words: readonly string[]) {
	try {
		return parseArgs({ args: [...words], allowPositionals: true, options: OPTIONS });
	} catch (error) {
		const unknown = words.find((word) => word.startsWith("-") && !isOption(word));
		const reason =
			unknown === undefined
				? (error as Error).message
				: `there is no option ${unknown}; the options are ${Object.keys(OPTIONS)
						.map((option) => `--${option}`)
						.join(", ")}`;
		throw new CommandError(`${reason}; see adjoint --help`);
	}
}

function isOption(word: string): boolean {
	return word === "-h" || Object.hasOwn(OPTIONS, word.replace(/^--/, "").split("=")[0]!);
}

/** The form that the ending of a file asks for. */
function formOf(out: string | null): Form {
	const ending = /\.([^./\\]+)$/.exec(out ?? "")?.[1]?.toLowerCase() ?? "";
	return Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending]! : "numpy";
}

/** An argument and the names of its axes, as `x=N,D` says them. */
function namedAxes(text: string): [string, readonly string[]] {
	const [, argument, names] = /^([^=\s]+)=(\S+)$/.exec(text) ?? [];
	if (argument !== undefined && names !== undefined) return [argument, names.split(",")];
	throw new CommandError(
		`expected --axes to be an argument and its axes, as in x=N,D, got "${text}"`,
	);
}

function oneOf<T extends string>(option: string, given: string, choices: readonly T[]): T {
	const found = choices.find((choice) => choice === given);
	if (found !== undefined) return found;
	throw new CommandError(`expected --${option} to be ${choices.join(", ")}, got ${given}`);
}
