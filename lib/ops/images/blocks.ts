import * as kind from "../../core/argument-kinds.ts";
import { ShapeError } from "../../core/error.ts";
import { asTensor } from "../../core/lift.ts";
import { checkArgument } from "../../core/options.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { permute, reshape } from "../../structure/layout.ts";

/**
 * Blocks of block × block pixels as channels: (…×channels×height×width) gives
 * (…×channels·block²×height/block×width/block), the pixels of a channel's block row by row, as
 * PyTorch's `pixel_unshuffle`. `depthToSpace` puts them back.
 * @throws ShapeError when height and width do not fall into blocks
 */
export function spaceToDepth(x: TensorLike, block: number): Tensor {
	const t = read("spaceToDepth", x, block);
	const [channels, height, width] = t.shape.slice(-3) as [number, number, number];
	if (height % block !== 0 || width % block !== 0) {
		throw new ShapeError(
			`spaceToDepth: expected height and width to fall into blocks of ${block}, got ${showShape(t.shape)}`,
		);
	}
	const [rows, columns] = [height / block, width / block];
	const apart = reshape(t, [-1, channels, rows, block, columns, block]);
	const blocksFirst = permute(apart, [0, 1, 3, 5, 2, 4]);
	return reshape(blocksFirst, [...t.shape.slice(0, -3), channels * block ** 2, rows, columns]);
}

/**
 * Channels as blocks of block × block pixels: (…×channels×height×width) gives
 * (…×channels/block²×height·block×width·block), as PyTorch's `pixel_shuffle` (W. Shi and others,
 * "Real-time single image and video super-resolution using an efficient sub-pixel convolutional
 * neural network", 2016).
 * @throws ShapeError when the channels do not fall into blocks
 */
export function depthToSpace(x: TensorLike, block: number): Tensor {
	const t = read("depthToSpace", x, block);
	const [channels, height, width] = t.shape.slice(-3) as [number, number, number];
	if (channels % block ** 2 !== 0) {
		throw new ShapeError(
			`depthToSpace: expected channels that fall into blocks of ${block}×${block}, got ${showShape(t.shape)}`,
		);
	}
	const less = channels / block ** 2;
	const apart = reshape(t, [-1, less, block, block, height, width]);
	const rowsFirst = permute(apart, [0, 1, 4, 2, 5, 3]);
	return reshape(rowsFirst, [...t.shape.slice(0, -3), less, height * block, width * block]);
}

function read(op: string, x: TensorLike, block: number): Tensor {
	checkArgument(op, "the block", block, kind.count);
	const t = asTensor(op, x);
	if (t.rank >= 3) return t;
	throw new ShapeError(`${op}: expected (…×channels×height×width), got ${showShape(t.shape)}`);
}
