import * as assert from "uvu/assert";
import * as check from "../lib/check/index.ts";
import { compile } from "../lib/compile/index.ts";
import * as data from "../lib/data/index.ts";
import { derive } from "../lib/derivation/index.ts";
import * as A from "../lib/index.ts";
import { AdjointError, tensor, zeros } from "../lib/index.ts";
import * as io from "../lib/io/index.ts";
import * as nn from "../lib/nn/index.ts";
import * as optim from "../lib/optim/index.ts";
import * as plot from "../lib/plot/index.ts";
import * as training from "../lib/train/index.ts";
import { fault, faults, functionsIn, GIVEN, loose } from "./bad-calls.ts";
import { refuses } from "./near.ts";
import { suite } from "./suite.ts";

suite("errors of the rooms", (test) => {
	test("layers, losses, optimizers, data, training, plots, files and checks name themselves", () => {
		const rooms = [nn, optim, optim.schedules, data, training, plot].flatMap(functionsIn);
		assert.ok(rooms.length > 80);
		const { checkGradients, assertGradients, checkJacobian, checkHessian, checkOp } = check;
		const { checkManual, assertManual, assertGradientProperty, numericJacobian } = check;
		const checks = { checkGradients, assertGradients, checkJacobian, checkHessian, checkOp };
		const byHand = { checkManual, assertManual, assertGradientProperty, numericJacobian };
		const coders = functionsIn(io).filter(([name]) => /^(en|de)code/.test(name));
		const others = functionsIn({ ...checks, ...byHand, derive, compile });
		// The training loop and what reads or writes files answer by a promise.
		const now = [...rooms, ...coders, ...others].filter(([name]) => name !== "train");
		assert.equal(faults(now), []);
	});

	test("layers speak of themselves, whatever they are given", () => {
		const key = A.random.key(1);
		const layers: [string, nn.AnyLayer][] = [
			["linear", nn.linear(3, 2)],
			["embedding", nn.embedding(3, 2)],
			["prelu", nn.prelu(3)],
			["conv2d", nn.conv2d(3, 2, 1)],
			["conv3d", nn.conv3d(3, 2, 1)],
			["conv1d", nn.conv1d(3, 2, 1)],
			["convTranspose2d", nn.convTranspose2d(3, 2, 1)],
			["convTranspose1d", nn.convTranspose1d(3, 2, 1)],
			["layerNorm", nn.layerNorm(3)],
			["rmsNorm", nn.rmsNorm(3)],
			["groupNorm", nn.groupNorm(1, 3)],
			["batchNorm", nn.batchNorm(3)],
			["dropout", nn.dropout(0.5)],
			["learnedPositions", nn.learnedPositions(2, 3)],
			["multiHeadAttention", nn.multiHeadAttention(4, 2)],
			["rnn", nn.rnn(3, 2)],
			["gru", nn.gru(3, 2)],
			["lstm", nn.lstm(3, 2)],
		];
		for (const [name, layer] of layers) {
			const { init, apply } = loose(layer);
			const params = init(key);
			const state = "initialState" in layer ? [layer.initialState()] : [];
			const applied = (x: unknown) => apply(params, ...state, x, { train: false });
			const unnamed = (x: unknown) => apply(x, ...state, zeros([2, 3]), { train: false });
			assert.equal(
				GIVEN.flatMap((x) => [
					fault(name, init, [x]),
					fault(name, init, [key, x]),
					fault(name, applied, [x]),
					...(typeof x === "object" && x !== null ? [] : [fault(name, unnamed, [x])]),
				]).filter((wrong) => wrong !== null),
				[],
			);
		}
	});

	test("what is no layer is refused by the composition, and a key that is none by init", () => {
		const cases: [call: () => unknown, message: string][] = [
			[() => nn.sequential(loose([1])), "sequential: expected layers, or functions of a tensor"],
			[() => nn.residual(loose(undefined)), "residual: expected layers, or functions of a tensor"],
			[() => nn.sequential(A.relu).apply(loose(undefined), zeros([1])), "sequential: expected the"],
			[() => nn.init({ a: nn.linear(2, 2) }, loose(1)), "init: expected a key"],
			[() => nn.init(loose({ a: 3 }), A.random.key(1)), "init: expected layers in plain objects"],
		];
		for (const [call, message] of cases) refuses(call, AdjointError, message);
	});

	test("files that are no files, and paths that are no paths, are named", async () => {
		for (const read of [io.readNpy, io.readNpz, io.readSafetensors, io.load]) {
			const error = await loose(read)(null).catch((error: unknown) => error);
			assert.instance(error, AdjointError);
			assert.match(error.message, `${read.name}: expected the path to be a string or a URL`);
		}
		for (const write of [io.writeNpy, io.writeNpz, io.writeSafetensors, io.save]) {
			const error = await loose(write)(7, tensor(1)).catch((error: unknown) => error);
			assert.match(error.message, `${write.name}: expected the path to be a string or a URL`);
		}
		const way = "to be a Uint8Array, which new Uint8Array(buffer) makes of an ArrayBuffer, got ";
		for (const decode of [io.decodeNpy, io.decodeNpz, io.decodeSafetensors, io.decodeState]) {
			const given: [unknown, string][] = [
				[new ArrayBuffer(8), "an ArrayBuffer"],
				[new DataView(new ArrayBuffer(8)), "a DataView"],
				[new Int32Array(2), "an Int32Array"],
				[[1, 2], "an array"],
			];
			for (const [bytes, got] of given) {
				const text = `${decode.name}: expected the bytes ${way}${got}`;
				refuses(() => decode(loose(bytes)), AdjointError, text);
			}
		}
	});

	test("`debug` names the op inside of a loss or an activation, and not these", () => {
		const far = tensor([Number.POSITIVE_INFINITY]);
		refuses(
			() => A.debug(nn.hardSwish)(far.neg()),
			A.GradientError,
			"mul: 1 of 1 elements of a * b",
		);
		const p = tensor([-1, 2]);
		refuses(
			() => A.debug(() => nn.klDivergence(zeros([2]), p))(),
			A.GradientError,
			"log: 1 of 2 elements of np.log(a) (2) became NaN",
		);
	});
});
