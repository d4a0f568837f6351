import * as assert from "uvu/assert";
import { plannedFor } from "../../../lib/backends/webgpu/explaining.ts";
import type { DeviceCommand, Plan, PlanLimits } from "../../../lib/backends/webgpu/plan.ts";
import { add, DomainError, grad, scan, type Tensor, tensor, zeros } from "../../../lib/index.ts";
import { adam } from "../../../lib/optim/index.ts";
import { decompose } from "../../../lib/program/decompose.ts";
import { simplify } from "../../../lib/program/simplify.ts";
import { trace } from "../../../lib/program/trace.ts";
import { toWgsl, webgpu } from "../../../lib/webgpu.ts";
import { suite } from "../../suite.ts";

const LIMITS: PlanLimits = { bindings: 8, buffer: 2 ** 26, elements: 2 ** 25 };
const single = (...shape: number[]) => zeros(shape, { dtype: "float32" });

function planned(
	f: (x: readonly Tensor[]) => readonly Tensor[],
	x: readonly Tensor[],
	limits: Partial<PlanLimits> = {},
) {
	const { program } = simplify(decompose(trace(x, f).program));
	return plannedFor(program, { ...LIMITS, ...limits });
}

const commandsOf = ({ stages }: Plan): DeviceCommand[] =>
	stages.flatMap((stage) => (stage.kind === "commands" ? stage.commands : []));

suite("webgpu, plans", (test) => {
	test("a shader is bound to as many buffers as it may be: the rest is copied into one", () => {
		const many = Array.from({ length: 12 }, () => single(300));
		const { plan } = planned(
			([first, ...rest]) => [rest.reduce((a, b) => add(a, b), first!)],
			many,
		);
		for (const { shader } of plan.sites) assert.ok(shader.bindings.length <= 8);
		const kinds = commandsOf(plan).map(({ kind }) => kind);
		assert.equal(
			kinds.filter((kind) => kind === "dispatch"),
			["dispatch"],
		);
		assert.ok(kinds.filter((kind) => kind === "copy").length > 0);
		assert.is(plan.onHost.size, 0);
	});

	test("what is larger than a shader may be bound to runs in parts, by windows of the buffers", () => {
		const limits = { elements: 128, buffer: 256 };
		const { plan } = planned(([x]) => [x!.mul(2)], [single(3000)], limits);
		const dispatches = commandsOf(plan).filter(({ kind }) => kind === "dispatch");
		assert.ok(dispatches.length >= 3000 / 128);
		for (const { bindings } of plan.sites) {
			for (const { first, size } of bindings) {
				assert.ok(size <= 128 && first + size <= 256 && first % 64 === 0, `${first} ${size}`);
			}
		}
		assert.is(new Set(plan.sites.map(({ shader }) => shader.code)).size, 2);
		assert.is(plan.onHost.size, 0);
	});

	test("what cannot be cut runs on the host, with the reason", () => {
		const { plan } = planned(([x]) => [x!.cumsum()], [single(300)], { elements: 128 });
		assert.match([...plan.onHost.values()].join(), "more of a buffer at once than a shader may");
	});

	test("small arguments and results are copied, so that shaders are bound to the same memory", () => {
		const { plan } = planned(([x]) => [x!.mul(2)], [single(3)]);
		assert.equal(
			commandsOf(plan).map(({ kind }) => kind),
			["copy", "dispatch", "copy"],
		);
	});

	test("a loop of a hundred rounds has the shaders of one, or of an odd and an even one", () => {
		const walk = ([x]: readonly Tensor[]) => [
			scan((carry: Tensor, row: Tensor) => [carry.mul(0.5).add(row), null], single(300), x!)[0],
		];
		const { plan } = planned(walk, [single(100, 300)]);
		assert.ok(plan.sites.length <= 4, String(plan.sites.length));
		assert.ok(commandsOf(plan).length >= 100);
	});

	test("the numbers of an optimizer are the host's, and the number of the step comes back from there", () => {
		const optimizer = adam({ learningRate: 0.1 });
		const w = single(300);
		const state = optimizer.init(w);
		const step = ([w, first, second, step]: readonly Tensor[]) => {
			const loss = (w: Tensor) => w.square().sum();
			const [next, after] = optimizer.update(
				grad(loss)(w!),
				{ ...state, m: first!, v: second!, step: step! } as typeof state,
				w!,
			);
			return [next, after.step];
		};
		const { parts } = planned(step, [w, w, w, tensor(0, { dtype: "int32" })]);
		assert.equal(parts.hostArgs, [3]);
		assert.equal(parts.deviceArgs.includes(3), false);
		assert.equal(
			parts.results.map(({ on }) => on),
			["device", "host"],
		);
	});

	test("the shaders are text without a device, each formula where it is needed", () => {
		const f = (x: Tensor, w: Tensor) => x.dot(w).maximum(0).sum();
		const text = toWgsl(f, [single(64, 100), single(100, 30)]);
		assert.match(text, "// product: dot maximum");
		assert.match(text, "max_f32(x0, 0f)");
		assert.match(text, /@compute @workgroup_size\(\d+\)\nfn main\(/);
		assert.throws(
			() => toWgsl(f, [zeros([64, 100]), zeros([100, 30])]),
			(error: unknown) => error instanceof DomainError && /float64/.test(String(error)),
		);
	});

	test("where there is no WebGPU, an error names the way out, and WebAssembly may stand in", async () => {
		const none = { requestAdapter: async () => null } as unknown as GPU;
		const error = await webgpu({ gpu: none }).catch(String);
		assert.match(String(error), /DeviceError: webgpu: .*fallback: "wasm"/);
		const instead = await webgpu({ gpu: none, fallback: "wasm" });
		assert.is(instead.name, "wasm");
		const x = tensor([1, 2]);
		assert.equal(await instead.read({ x }), { x });
	});
});
