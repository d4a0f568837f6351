import { beyond, needed, type Room } from "./bindings.ts";
import type { Cut, PartRoom } from "./cut.ts";
import { cutsOf, unfolded } from "./cuts.ts";
import type { KernelWork } from "./work.ts";

/** What there is too much of has to be so many times less in the least part of a cut. */
const WORTH = 2;
/** So many parts may lie beside each other where a binding may have no more. */
const PARTS = 4;
/** Sizes of parts are such multiples where they are not less: vectors go on behind them. */
const STEPS = [64, 4, 1];

/**
 * Work whose buffers may be larger than what a shader is bound to, as parts that are not. Parts of
 * the same size are the same shader at other places.
 */
export function divided(work: KernelWork, room: PartRoom): readonly KernelWork[] {
	const large = beyond(work, room);
	if (large.size === 0) return [work];
	const cuts = cutsOf(work, room).filter(({ size }) => size > 1);
	const most = room.most / PARTS;
	const isTooMuch = ({ leaves = 0 }: Cut) => leaves > most;
	const useful = cuts.flatMap((cut) => {
		const size = isTooMuch(cut) ? null : sizeOfParts(cut, large, room);
		return size === null ? [] : [{ cut, ...size }];
	});
	const [first, ...others] = useful;
	const best = others.reduce((a, b) => (b!.helps > a!.helps ? b : a), first);
	if (best !== undefined) return inParts(best.cut, best.each, room);
	// Parts leave less where the work itself is less.
	const held = cuts.find(isTooMuch);
	const smaller = held && cuts.find(({ leaves }) => leaves === undefined);
	if (smaller !== undefined) {
		return inParts(smaller, Math.ceil(smaller.size / Math.ceil(held!.leaves! / most)), room);
	}
	const steps = unfolded(work, room);
	return steps === null ? [work] : steps.flatMap((step) => divided(step, room.inside()));
}

function inParts(
	{ size, part, together }: Cut,
	each: number,
	room: PartRoom,
): readonly KernelWork[] {
	const parts = Math.ceil(size / each);
	// Memory for what they leave is as large as it gets before anything is bound to it.
	const last = together?.(parts) ?? [];
	const all = Array.from({ length: parts }, (_, i) => {
		return part(i * each, Math.min(each, size - i * each), i);
	});
	return [...all.flat(), ...last].flatMap((work) => divided(work, room.inside()));
}

/**
 * The size of parts along a cut, and how much memory of which there is too much it helps with; null
 * where that is none.
 */
function sizeOfParts(
	{ size, part, together }: Cut,
	large: ReadonlyMap<number, number>,
	{ most, ...room }: Room,
) {
	const of = (count: number, root: number) =>
		Math.max(...part(0, count, 0).map((work) => needed(work, root, { most, ...room })));
	const less = [...large].filter(([root, length]) => of(1, root) * WORTH <= length);
	if (less.length === 0) return null;
	// What parts need goes in a straight line with their size.
	const within = (limit: number) =>
		less.map(([root]) => {
			const [one, two] = [of(1, root), of(2, root)];
			return two <= one ? size : 1 + Math.floor((limit - one) / (two - one));
		});
	// To put parts together that are of one each is as much again.
	const least = together !== undefined && Math.min(...within(most / 2)) >= 2 ? 2 : 1;
	const count = Math.max(least, Math.min(Math.ceil(size / 2), ...within(most / PARTS)));
	const step = STEPS.find((step) => step <= count)!;
	const even = Math.ceil(Math.ceil(size / Math.ceil(size / count)) / step) * step;
	return { each: even <= count ? even : Math.floor(count / step) * step, helps: less.length };
}
