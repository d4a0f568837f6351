import { sizeOf } from "../../../core/shape.ts";
import { coalesce } from "../../../core/strided.ts";
import { Unsupported } from "../../backend.ts";
import { integers } from "../elementwise/integers.ts";
import type { WindowedLoop } from "../parts/work.ts";
import { indexOfElement, unravelled } from "../wgsl/indices.ts";
import {
	type Shader,
	type ShaderOperand,
	type ShaderPlan,
	ShaderWriter,
	wgslType,
} from "../wgsl/shader.ts";
import { Lanes } from "./reduce/lanes.ts";

/** The operands of the kernel. */
const [SOURCE, INDICES, TARGET] = [0, 1, 2];

/** Invocations of a workgroup where each copies an element. */
const SIZE = 256;

/** Neighbours in memory that lanes take together where elements may go to the same place. */
const SIDE_BY_SIDE = 8;

/**
 * Elements that are copied from places that indices say, or put or added there. What goes to one
 * place does so in the order of the loop, or of some lanes that go over it together.
 * @throws Unsupported where the places of different indices could be the same
 */
export function indexedShaders(loop: WindowedLoop, operands: readonly ShaderOperand[]): ShaderPlan {
	if (loop.shape.includes(0)) return { shaders: [] };
	if (wgslType(loop.source.dtype) !== wgslType(loop.target.dtype)) {
		throw new Unsupported(`${loop.target.dtype} at indices of ${loop.source.dtype}`);
	}
	const m = new ShaderWriter(operands);
	return { shaders: [loop.indexed === "source" ? gather(loop, m) : scatter(loop, m)] };
}

function gather(loop: WindowedLoop, m: ShaderWriter): Shader {
	const { shape, layouts } = coalesce(
		loop.shape,
		[loop.source, loop.indices, loop.target].map(({ strides }) => ({ strides, offset: 0 })),
	);
	const size = sizeOf(shape);
	const { lines, indices } = unravelled("element", "i", shape);
	const [source, index, target] = layouts.map(({ strides }) => indexOfElement(indices, strides));
	const body = [
		`let element = group * ${SIZE} + lane;`,
		`if (element >= ${size}) { return; }`,
		...lines,
		"var isThere = true;",
		"var away = 0;",
		...distance(loop, m, index!),
		`if (!isThere) { ${m.fail()} return; }`,
		...(loop.window ? ["if (!isHere) { return; }"] : []),
		m.store(TARGET, target!, m.load(SOURCE, `${source} + away`)),
	];
	return m.finish({ size: SIZE, workgroups: Math.ceil(size / SIZE), body });
}

/** A shader that puts or adds what has a place of its own in the lanes of a slice. */
function scatter(loop: WindowedLoop, m: ShaderWriter): Shader {
	const { source, indices, target } = loop;
	const lanes = new Lanes({
		shape: loop.shape,
		axes: meeting(loop),
		strides: [source, indices, target].map(({ strides }) => strides),
		isOrdered: true,
		sideBySide: SIDE_BY_SIDE,
	});
	const rounds = Math.ceil(lanes.n / lanes.lanes);
	const store = (value: string) => stored(loop, m, value);
	const body = [
		...lanes.begin(1),
		`for (var round = 0; round < ${rounds}; round++) {`,
		`let step = round * ${lanes.lanes} + part;`,
		`let i = min(step, ${lanes.n - 1});`,
		`var isThere = isSlice && step < ${lanes.n};`,
		...unravelled("i", "a", lanes.along.sizes).lines,
		"var away = 0;",
		"if (isThere) {",
		...distance(loop, m, lanes.place(INDICES)),
		`if (!isThere) { ${m.fail()} }`,
		...(loop.window ? ["isThere = isThere && isHere;"] : []),
		"}",
		`let value = ${m.load(SOURCE, lanes.place(SOURCE))};`,
		...(lanes.lanes === 1 ? [`if (isThere) { ${store("value")} }`] : together(loop, m, lanes)),
		"}",
	];
	return m.finish({ size: lanes.size, workgroups: lanes.workgroups(1), body });
}

/**
 * The axes along which elements may go to the same place.
 * @throws Unsupported where others may, too
 */
function meeting({ shape, target, each }: WindowedLoop): number[] {
	const axes = [...shape.keys()].filter((axis) => target.strides[axis] === 0);
	const others = shape.map((size, axis) => ({ size, stride: target.strides[axis]! }));
	if (!lieApart([...others.filter(({ stride }) => stride !== 0), ...each])) {
		throw new Unsupported("indices of places that may be the same");
	}
	return axes;
}

/**
 * Statements of lanes whose elements may go to the same place: for each place, the first lane adds
 * all that goes there, or the last one puts its own. The next round waits until they have.
 */
function together(loop: WindowedLoop, m: ShaderWriter, { lanes, step, size }: Lanes): string[] {
	const type = wgslType(loop.target.dtype);
	m.define("NOWHERE", "const NOWHERE = -2147483647 - 1;");
	m.define("aways", `var<workgroup> aways: array<i32, ${size}>;`);
	m.define("values", `var<workgroup> values: array<${type}, ${size}>;`);
	const other = `lane + (other - part) * ${step}`;
	const done = loop.adds
		? [
				`var found: ${type} = 0;`,
				`for (var other = 0; other < ${lanes} && isThere; other++) {`,
				`if (aways[${other}] == away) {`,
				"isThere = other >= part;",
				`found = ${sum(loop, m, "found", `values[${other}]`)};`,
				"}",
				"}",
				`if (isThere) { ${stored(loop, m, "found")} }`,
			]
		: [
				`for (var other = part + 1; other < ${lanes} && isThere; other++) {`,
				`isThere = aways[${other}] != away;`,
				"}",
				`if (isThere) { ${stored(loop, m, "value")} }`,
			];
	return [
		"aways[lane] = select(NOWHERE, away, isThere);",
		"values[lane] = value;",
		"workgroupBarrier();",
		...done,
		"storageBarrier();",
		"workgroupBarrier();",
	];
}

/** A statement that puts a value into its place, or adds it there. */
function stored(loop: WindowedLoop, m: ShaderWriter, value: string): string {
	const place = "first2 + away";
	return m.store(TARGET, place, loop.adds ? sum(loop, m, m.load(TARGET, place), value) : value);
}

function sum({ target: { dtype } }: WindowedLoop, m: ShaderWriter, a: string, b: string): string {
	return wgslType(dtype) === "i32" ? integers.add(m, a, b) : `${a} + ${b}`;
}

/**
 * Statements that add to `away` how far the indices at a place lead, if they are in range; `isHere`
 * says whether they lead to what a loop with a window has.
 */
function distance({ each, window }: WindowedLoop, m: ShaderWriter, place: string): string[] {
	const lines = each.flatMap(({ at, size, stride, wraps }, axis) => {
		const { first, count } = axis === window?.axis ? window : { first: 0, count: size };
		return [
			"{",
			`var index = ${m.load(INDICES, `${place} + ${at}`)};`,
			...(wraps ? [`if (index < 0) { index += ${size}; }`] : []),
			`isThere = isThere && index >= 0 && index < ${size};`,
			...(first === 0 ? [] : [`index -= ${first};`]),
			...(axis === window?.axis ? [`isHere = index >= 0 && index < ${count};`] : []),
			`away += index * ${stride};`,
			"}",
		];
	});
	return window === undefined ? lines : ["var isHere = true;", ...lines];
}

/** Whether the elements along these axes all lie in places of their own. */
function lieApart(axes: readonly { readonly size: number; readonly stride: number }[]): boolean {
	const sorted = axes.filter(({ size }) => size > 1);
	sorted.sort((a, b) => Math.abs(a.stride) - Math.abs(b.stride));
	let reach = 0;
	return sorted.every(({ size, stride }) => {
		const isBeyond = Math.abs(stride) > reach;
		reach += Math.abs(stride) * (size - 1);
		return isBeyond;
	});
}
