import { sizeOf } from "../../../core/shape.ts";
import { coalesce } from "../../../core/strided.ts";
import { Unsupported } from "../../backend.ts";
import { integers } from "../elementwise/integers.ts";
import { extentsOf, type WindowedLoop } from "../parts/work.ts";
import { indexOfElement, unravelled } from "../wgsl/indices.ts";
import {
	type Shader,
	type ShaderOperand,
	type ShaderPlan,
	ShaderWriter,
	wgslType,
} from "../wgsl/shader.ts";
import { withTemporaries } from "../wgsl/temporaries.ts";
import { Lanes } from "./reduce/lanes.ts";

/** The operands of the kernel. */
const [SOURCE, INDICES, TARGET] = [0, 1, 2];

/** Invocations of a workgroup where each copies an element. */
const SIZE = 256;

/**
 * Where fewer workgroups than this add something, each does so for a segment of the elements, to a
 * copy of the target of its own, as long as all copies have no more elements than that.
 */
const ENOUGH = 32;
const MOST_COPIED = 2 ** 22;

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
	if (loop.indexed === "source") return { shaders: [gather(loop, new ShaderWriter(operands))] };
	const lanes = new Lanes({
		shape: loop.shape,
		axes: meeting(loop),
		strides: [loop.source, loop.indices, loop.target].map(({ strides }) => strides),
		isOrdered: true,
		sideBySide: SIDE_BY_SIDE,
	});
	const copies = loop.adds && lanes.workgroups(1) < ENOUGH ? lanes.segments : 1;
	const { to: size } = extentsOf({ kind: "indexed", indexed: loop })[TARGET]!;
	if (copies === 1 || copies * size > MOST_COPIED) {
		return { shaders: [scatter(loop, lanes, new ShaderWriter(operands), TARGET, null)] };
	}
	const temporary = { dtype: loop.target.dtype, size: copies * size };
	const all = withTemporaries(operands, [temporary]);
	const shaders = [
		cleared(new ShaderWriter(all), operands.length, copies * size),
		scatter(loop, lanes, new ShaderWriter(all), operands.length, size),
		together(loop, new ShaderWriter(all), operands.length, { copies, size }),
	];
	return { shaders, temporaries: [temporary] };
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

/**
 * A shader that puts or adds what has a place of its own in the lanes of a slice, to the target or
 * to copies of it of this size, one for each segment.
 */
function scatter(
	loop: WindowedLoop,
	lanes: Lanes,
	m: ShaderWriter,
	to: number,
	copied: number | null,
): Shader {
	const segments = copied === null ? 1 : lanes.segments;
	const length = copied === null ? lanes.n : lanes.length;
	const rounds = Math.ceil(length / lanes.lanes);
	const place = `${copied === null ? "" : `segment * ${copied} + `}first2 + away`;
	const store = (value: string) => stored(loop, m, to, place, value);
	const body = [
		...lanes.begin(segments),
		`for (var round = 0; round < ${rounds}; round++) {`,
		`let step = segment * ${length} + round * ${lanes.lanes} + part;`,
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
		...(lanes.lanes === 1
			? [`if (isThere) { ${store("value")} }`]
			: inTurns(loop, m, lanes, store)),
		"}",
	];
	return m.finish({ size: lanes.size, workgroups: lanes.workgroups(segments), body });
}

/** A shader that makes so many elements 0. */
function cleared(m: ShaderWriter, operand: number, size: number): Shader {
	const body = [
		`let element = group * ${SIZE} + lane;`,
		`if (element < ${size}) { ${m.store(operand, "element", "0")} }`,
	];
	return m.finish({ size: SIZE, workgroups: Math.ceil(size / SIZE), body });
}

/** A shader that adds copies of a target to it, in their order. */
function together(
	loop: WindowedLoop,
	m: ShaderWriter,
	from: number,
	{ copies, size }: { readonly copies: number; readonly size: number },
): Shader {
	const body = [
		`let element = group * ${SIZE} + lane;`,
		`if (element >= ${size}) { return; }`,
		`var total = ${m.load(TARGET, "element")};`,
		`for (var copy = 0; copy < ${copies}; copy++) {`,
		`total = ${sum(loop, m, "total", m.load(from, `copy * ${size} + element`))};`,
		"}",
		m.store(TARGET, "element", "total"),
	];
	return m.finish({ size: SIZE, workgroups: Math.ceil(size / SIZE), body });
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
function inTurns(
	loop: WindowedLoop,
	m: ShaderWriter,
	{ lanes, step, size }: Lanes,
	store: (value: string) => string,
): string[] {
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
				`if (isThere) { ${store("found")} }`,
			]
		: [
				`for (var other = part + 1; other < ${lanes} && isThere; other++) {`,
				`isThere = aways[${other}] != away;`,
				"}",
				`if (isThere) { ${store("value")} }`,
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
function stored(
	loop: WindowedLoop,
	m: ShaderWriter,
	to: number,
	place: string,
	value: string,
): string {
	return m.store(to, place, loop.adds ? sum(loop, m, m.load(to, place), value) : value);
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
