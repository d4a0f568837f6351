import * as assert from "uvu/assert";
import { topologicalOrder } from "../../lib/autodiff/linearization.ts";
import { tensor } from "../../lib/core/create.ts";
import { inputNode, type Node, Tape } from "../../lib/core/tape.ts";
import { suite } from "../suite.ts";

suite("autodiff/linearization", (test) => {
	test("nodes that were put in order before are put in order anew, each once and after its parents", () => {
		const tape = new Tape();
		const value = tensor(0);
		// Each is made of two that stand before it, by ones and by twos.
		const nodes: Node[] = [inputNode(tape, value), inputNode(tape, value)];
		for (let i = 2; i < 12; i++) {
			nodes.push({ ...nodes[0]!, parents: [nodes[i - 2]!, nodes[i >> 1]!], position: -1 });
		}
		for (const results of [[11], [4], [11, 4], [9, 8], [3, 10], [11]]) {
			const order = topologicalOrder(results.map((i) => nodes[i]!));
			assert.is(new Set(order).size, order.length);
			for (const i of results) assert.ok(order.includes(nodes[i]!));
			for (const [at, node] of order.entries()) {
				assert.is(node.position, at);
				for (const parent of node.parents) assert.ok(order.indexOf(parent!) < at);
				for (const parent of node.parents) assert.ok(order.includes(parent!));
			}
		}
	});
});
