// The worker in which the reader's code runs. It answers one question after the other; those after
// `derive` are about the function that was derived last.
import { mapTree, type Tensor, valueAndGrad } from "adjoint";
import type * as checking from "adjoint/check/gradients";
import type * as compiling from "adjoint/compile";
import { type Derivation, derive } from "adjoint/derivation";
import type * as exporting from "adjoint/export";
import type * as webgpu from "adjoint/webgpu";
import type { Answers, Lang, Manual, Program, Request, TextForm, Verdict } from "../protocol.ts";
import { CodeError, evaluate, problemOf } from "./evaluate.ts";
import { farGpu } from "./far-gpu.ts";
import { type Arguments, argumentsOf } from "./inputs.ts";
import { printedBy } from "./log.ts";
import { judge, type Loss } from "./manual.ts";
import { arrived, load } from "./modules.ts";
import { Training } from "./training.ts";

/** The function that was derived last. */
interface Current {
	readonly loss: Loss;
	readonly backward: unknown;
	readonly given: Arguments;
	readonly args: Parameters<Loss>;
	readonly derivation: Derivation;
}

let current: Current | null = null;
let training: Training | null = null;

/** Milliseconds after which a check of gradients says what it has not compared. */
const CHECK_LIMIT = 2500;

async function derived(program: Program, lang: Lang): Promise<Answers["derive"]> {
	current = null;
	training = null;
	const { printed, result } = await printedBy(async () => {
		const { default: loss, backward } = await evaluate(program.code);
		if (typeof loss !== "function") return null;
		const given = await argumentsOf(program);
		const args: Parameters<Loss> = [given.params, ...Object.values(given.data)];
		const { axes, distributions } = given;
		const named = { params: given.params, ...given.data };
		const derivation = derive(loss as Loss, named, { axes, distributions });
		return { loss: loss as Loss, backward, given, args, derivation };
	});
	current = result;
	if (result === null) {
		if (printed !== "") return { printed, derived: null };
		throw new CodeError("the code has to export a function: export default function loss(…)");
	}
	const { derivation, backward, args } = result;
	const derived = {
		html: derivation.print("html", { lang }),
		loss: Number(result.loss(...args).item()),
		hasBackward: backward !== undefined,
	};
	return { printed, derived };
}

/** The loss and its gradients, as other systems are to compute them. */
function lossAndGradients({ loss }: Current) {
	return (...args: Parameters<Loss>) => {
		const [value, gradient] = valueAndGrad(loss)(...args);
		return { loss: value, gradient };
	};
}

/** What a GPU can compute with. */
function asSingle(x: Tensor): Tensor {
	return x.dtype === "float64" ? x.astype("float32") : x;
}

async function print(current: Current, form: TextForm, lang: Lang): Promise<string> {
	const { derivation, given, args } = current;
	if (form === "jax") {
		const { toJax } = await load<typeof exporting>("adjoint/export");
		const name = "loss_and_gradient";
		return toJax(lossAndGradients(current), { params: given.params, ...given.data }, { name });
	}
	if (form === "wgsl") {
		const { toWgsl } = await load<typeof webgpu>("adjoint/webgpu");
		return toWgsl(lossAndGradients(current), mapTree(asSingle, args));
	}
	return derivation.print(form, { lang });
}

function verify({ derivation }: Current): Verdict {
	try {
		const found = derivation.verify();
		return { ok: found.ok, text: String(found) };
	} catch (error) {
		return { ok: false, text: (error as Error).message };
	}
}

async function gradients({ loss, args }: Current): Promise<Verdict> {
	const { checkGradients } = await load<typeof checking>("adjoint/check/gradients");
	const report = checkGradients(loss, args, { timeLimit: CHECK_LIMIT, progress: false });
	// Where nothing failed, something was not decided.
	const ok = report.ok || (report.counts.fail > 0 ? false : null);
	return { ok, text: String(report) };
}

async function explain(current: Current): Promise<string> {
	const { compile, javascriptBackend } = await load<typeof compiling>("adjoint/compile");
	const hasWasm = typeof WebAssembly === "object";
	const options = hasWasm ? {} : { backend: javascriptBackend };
	const explanation = compile(lossAndGradients(current), options).explain(...current.args);
	return `backend: ${explanation.backend}\n${explanation}`;
}

async function manual({ loss, backward, given }: Current): Promise<Manual> {
	const { checkManual } = await load<typeof checking>("adjoint/check/gradients");
	return judge(checkManual, loss, backward, given);
}

let onPort: (port: MessagePort) => void = () => {};
let device: Promise<webgpu.DeviceBackend> | null = null;

/** The page's device, which it gives where the reader wants it. */
async function deviceOfPage(): Promise<webgpu.DeviceBackend> {
	const { webgpu: request } = await load<typeof webgpu>("adjoint/webgpu");
	const port = await new Promise<MessagePort>((resolve) => {
		onPort = resolve;
		postMessage({ from: "gpu" });
	});
	return request({ gpu: await farGpu(port), tune: false });
}

async function trainingOf({ loss, args }: Current, onGpu: boolean): Promise<Training> {
	const { compile, javascriptBackend } = await load<typeof compiling>("adjoint/compile");
	if (!onGpu) {
		const backend = typeof WebAssembly === "object" ? {} : { backend: javascriptBackend };
		return new Training(loss, args, (f) => compile(f, backend));
	}
	device ??= deviceOfPage();
	const backend = await device;
	const read = (tree: unknown) => backend.read(tree);
	return new Training(loss, mapTree(asSingle, args), (f) => compile(f, { backend }), read);
}

async function train(
	current: Current,
	{ rate, steps, restart, onGpu }: Extract<Request, { kind: "train" }>,
): Promise<Answers["train"]> {
	try {
		if (training === null || restart) training = await trainingOf(current, onGpu);
		return await training.run(steps, rate);
	} catch (error) {
		// A device that was lost, or did not come, is asked for again.
		[training, device] = [null, null];
		throw error;
	}
}

async function answer(request: Request): Promise<Answers[Request["kind"]]> {
	if (request.kind === "derive") return derived(request.program, request.lang);
	if (current === null) throw new CodeError("there is no derivation yet");
	switch (request.kind) {
		case "print":
			return print(current, request.form, request.lang);
		case "verify":
			return verify(current);
		case "gradients":
			return gradients(current);
		case "cost":
			return String(current.derivation.cost());
		case "explain":
			return explain(current);
		case "manual":
			return manual(current);
		case "train":
			return train(current, request);
	}
}

addEventListener("message", async ({ data }: MessageEvent) => {
	if (data.to === "module") {
		await arrived(data.module, data.url);
		return;
	}
	if (data.to === "gpu") {
		onPort(data.port);
		return;
	}
	const { id, request } = data as { id: number; request: Request };
	try {
		postMessage({ from: "answer", id, answer: await answer(request) });
	} catch (error) {
		postMessage({ from: "problem", id, problem: problemOf(error) });
	}
});
postMessage({ from: "ready" });
