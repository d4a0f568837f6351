import { execFileSync } from "node:child_process";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import * as assert from "uvu/assert";
import { records } from "../lib/check/records.ts";
import { bundled } from "./bench/bundle.ts";
import { firstLosses, step } from "./bench/programs/two-layer-net.ts";
import { sizes } from "./bench/sizes.ts";
import { budget, over } from "./budget.ts";
import { suite } from "./suite.ts";

const root = join(import.meta.dirname, "..");
const { bin, exports, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
	bin: { adjoint: string };
	exports: Record<string, { node: string }>;
	version: string;
};

const program = `
import { grad, type Tensor, tensor, valueAndGrad } from "adjoint";
import { checkGradients } from "adjoint/check/gradients";
import { decodeNpy, encodeNpy } from "adjoint/io";
import { linear, relu, sequential } from "adjoint/nn";
import { sgd } from "adjoint/optim";

interface Params { w: Tensor; bias: { b: Tensor } }
const params: Params = { w: tensor([[1, 2], [3, 4]]), bias: { b: tensor([0.5, -0.5]) } };
const loss = ({ w, bias }: Params, x: Tensor): Tensor => x.dot(w).add(bias.b).square().sum();
const [value, gradient]: [Tensor, Params] = valueAndGrad(loss)(params, tensor([1, 1]));
const second: Tensor = grad((x: Tensor) => grad((y: Tensor) => y.power(3))(x))(tensor(2));
console.log(value.item(), gradient.bias.b.toArray(), second.item());
console.log(decodeNpy(encodeNpy(params.w)).dot(tensor([1, 1])).toArray());
console.log(checkGradients(loss, [params, tensor([1, 1])]).ok);
const model = sequential(linear(2, 2), relu);
const layers: ReturnType<typeof model.init> = [{ w: params.w, b: params.bias.b }, {}];
const forward = (p: typeof layers): Tensor => model.apply(p, tensor([1, 1])).sum();
const optimizer = sgd({ learningRate: 0.5 });
const [next] = optimizer.update(grad(forward)(layers), optimizer.init(layers), layers);
console.log(next[0].b.toArray());
`;

const functional = `
import { dot, elementwise, square, sum, type Tensor, tensor, valueAndGrad } from "adjoint/functions";
import { compile } from "adjoint/compile";
import { sgd } from "adjoint/optim";
import * as s from "adjoint/scalar";

const loss = (w: Tensor, x: Tensor): Tensor => sum(square(dot(x, w)));
const [value, gradient] = compile(valueAndGrad(loss))(tensor([1, 2]), tensor([3, 4]));
const optimizer = sgd({ learningRate: 0.5 });
console.log(value.item(), optimizer.update(gradient, optimizer.init(gradient), gradient)[0].toArray());
// @ts-expect-error there are no methods, in the types as little as in the program
console.log(gradient.sum);

const half = elementwise(1, {
	name: "half",
	formula: (x) => s.mul(x, s.sigmoid(0)),
	partials: [() => 0.5],
	print: (x) => x + " / 2",
});
console.log(half(3).item());
// @ts-expect-error truth is no number
console.log(typeof s.add(s.less(1, 2), 1));
`;

const model = `
import { tensor } from "adjoint";
export const loss = (x) => x.square().sum();
export const args = { x: tensor([1, 2]) };
`;

/**
 * Those that the net calls, those of which their linear maps are made, and those that the kinds
 * need.
 */
const opsOfTwoLayerNet = (
	"add astype broadcastTo dot keepWhere maskGreater maskGreaterEqual maximum " +
	"mul neg outer permute reshape scale scaleTangent square sub sum"
).split(" ");

/** Runs a command and returns what it prints; a failure shows all of it. */
function run(command: string, args: string[], cwd: string): string {
	try {
		return execFileSync(command, args, { cwd, encoding: "utf8", stdio: "pipe" });
	} catch (error) {
		const { stdout, stderr } = error as { stdout: string; stderr: string };
		throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
	}
}

function filesIn(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** The package, packed and installed in a folder of its own. */
function installed(): string {
	const folder = mkdtempSync(join(tmpdir(), "adjoint-package-"));
	// What an earlier build may have left.
	mkdirSync(join(root, "dist"), { recursive: true });
	writeFileSync(join(root, "dist/stale.js"), "");
	// npm runs the build before it packs.
	run("npm", ["pack", "--silent", "--pack-destination", folder], root);
	writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
	run("npm", ["install", "--silent", "--offline", `./adjoint-${version}.tgz`], folder);
	return folder;
}

suite("package", (test) => {
	const folder = installed();
	process.on("exit", () => rmSync(folder, { recursive: true }));

	test("it holds what the library is built to, the documents, and nothing else", () => {
		const files = filesIn(join(folder, "node_modules/adjoint"));
		const isBuilt = (file: string) =>
			file.startsWith("dist/") &&
			existsSync(join(root, file.replace(/^dist/, "lib").replace(/(\.d\.ts|\.js)$/, ".ts")));
		const bundles = files.filter((file) => file.startsWith("dist/node/"));
		const others = files.filter((file) => !isBuilt(file) && !bundles.includes(file));
		// The site's generator stays at home.
		const isDocument = (file: string) => !file.startsWith("site/");
		const documents = filesIn(join(root, "docs")).filter(isDocument);
		const texts = ["CHANGELOG.md", "LICENSE", "README.md", "README.zh.md", "package.json"];
		assert.equal(
			others.toSorted(),
			[...texts, ...documents.map((file) => `docs/${file}`)].toSorted(),
		);
		const entries = [...Object.values(exports).map((entry) => entry.node), bin.adjoint];
		const chunks = bundles.filter((file) => !entries.includes(`./${file}`) && file !== bin.adjoint);
		assert.is(bundles.length - chunks.length, entries.length);
		assert.equal(
			chunks.filter((file) => !file.startsWith("dist/node/chunk-")),
			[],
		);
		assert.ok(files.includes("dist/index.d.ts"));
	});

	test("Node loads one bundle of what entries share, and bundlers a file a module", async () => {
		const contents = `
			import { tensor } from "adjoint";
			import { compile } from "adjoint/compile";
			console.log(compile((x) => x.square())(tensor([3])).toArray(), import.meta.resolve("adjoint"));
		`;
		writeFileSync(join(folder, "shared.js"), contents);
		assert.match(
			run(process.execPath, ["shared.js"], folder),
			/^\[ 9 \] \S*\/dist\/node\/index\.js\n$/,
		);
		const code = await bundled({ stdin: { contents, resolveDir: folder } });
		assert.match(code, /adjoint\/dist\/core\/tensor\.js/);
		assert.not.match(code, /dist\/node\//);
	});

	test("no entry and no program with what it uses is larger than its budget", async () => {
		const gzipped = Object.entries(await sizes()).map(([name, size]) => [name, size.gzipped]);
		assert.equal(over(Object.fromEntries(gzipped), budget.gzipped), []);
	});

	test("packed and installed elsewhere it type-checks strictly and runs in plain Node", () => {
		const strict = ["--strict", "--module", "nodenext", "--target", "es2022", "--types", ""];
		const runs = (name: string, text: string) => {
			writeFileSync(join(folder, `${name}.ts`), text);
			run(join(root, "node_modules/.bin/tsc"), [...strict, `${name}.ts`], folder);
			return run(process.execPath, [`${name}.js`], folder);
		};
		assert.is(runs("program", program), "50.5 [ 9, 11 ] 12\n[ 3, 7 ]\ntrue\n[ 0, -1 ]\n");
		assert.is(runs("functional", functional), "121 [ 33, 44 ]\nundefined\n1.5\nobject\n");
		writeFileSync(join(folder, "model.js"), model);
		const derived = run("npx", ["adjoint", "derive", "model.js"], folder);
		assert.match(derived, /\ngrad_x = 2\.0 \* x\n$/);
	});

	test("a program that only loads the files that define ops, or use them, holds no op", async () => {
		// Apart from package.json, which would let a bundler leave out whole files.
		cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
		const files = filesIn(join(folder, "dist")).filter((file) =>
			/^(ops|maps|random|nn|optim)\/.*\.js$/.test(file),
		);
		const contents = files.map((file) => `import "./dist/${file}";\n`).join("");
		const code = await bundled({ stdin: { contents, resolveDir: folder } });
		assert.ok(files.includes("ops/products.js") && code.includes("Tensor"));
		assert.not.match(code, /\bname: "\w+"/);
	});

	test("a formula keeps in a bundle what it and its form for float32 are made of, and nothing else of the algebra", async () => {
		const keptOf = async (formula: string) => {
			const contents = `
				import { elementwise } from "adjoint/functions";
				import * as s from "adjoint/scalar";
				const ramp = elementwise(1, { name: "ramp", formula: (x) => ${formula} });
				console.log(ramp.op.formula());
			`;
			const code = await bundled({ stdin: { contents, resolveDir: folder } });
			const kept = [...code.matchAll(/ (?:numeric|logical|native|defined)\("(\w+)"/g)];
			return kept.map(([, name]) => name).toSorted();
		};
		assert.equal(await keptOf("s.min(s.max(x, 0), s.sin(x))"), ["max", "min", "sin"]);
		const ofShort = ["add", "div", "equal", "less", "max", "min", "mul", "neg", "select", "sub"];
		assert.equal(await keptOf("s.tanh(x)"), ["abs", ...ofShort, "tanh"]);
	});

	test("bundled and minified, every op keeps its laws: no call is left out that does something", async () => {
		const contents = `
			import { checkOp, records } from "adjoint/check";
			for (const op of records) if (op.sample !== undefined) checkOp(op, { runs: 1, seed: 1 });
			console.log(records.length);
		`;
		const code = await bundled({ stdin: { contents, resolveDir: folder } }, { minify: true });
		writeFileSync(join(folder, "laws.js"), code);
		symlinkSync(join(root, "node_modules/fast-check"), join(folder, "node_modules/fast-check"));
		assert.is(run(process.execPath, ["laws.js"], folder), `${records.length}\n`);
	});

	for (const form of ["eager", "compiled"]) {
		test(`a two-layer net, bundled and ${form}, holds the ops that it and its derivative use, no others, and runs`, async () => {
			cpSync(join(root, "spec/bench/programs"), folder, { recursive: true });
			const code = await bundled({ entryPoints: [join(folder, `two-layer-net-${form}.ts`)] });
			const names = records.map((op) => op.name).filter((name) => code.includes(`name: "${name}"`));
			assert.equal(names.toSorted(), opsOfTwoLayerNet);
			// Brackets are set by those who print.
			assert.not.match(code, /\/notation\/(language|code|javascript)\.js/);
			writeFileSync(join(folder, "bundle.js"), code);
			assert.is(run(process.execPath, ["bundle.js"], folder), `${firstLosses(step)}\n`);
		});
	}
});
