/** A value along the height and one along the width. */
export type Pair = readonly [height: number, width: number];

/** How windows of a filter's size lie over an image. */
export type Geometry = {
	/** Height and width of the image, of the filter and of the result. */
	readonly image: Pair;
	readonly filter: Pair;
	readonly result: Pair;
	readonly stride: Pair;
	readonly dilation: Pair;
	/**
	 * Rows above and columns to the left that lie outside of the image; what lies outside counts as
	 * 0.
	 */
	readonly before: Pair;
	/** Channels are split into so many groups that do not meet. */
	readonly groups: number;
};

/** Sizes that the geometry does not tell. */
export type Channels = {
	readonly samples: number;
	/** Channels of the image and of the result. */
	readonly inputs: number;
	readonly outputs: number;
};
