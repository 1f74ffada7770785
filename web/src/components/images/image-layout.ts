/** A size in CSS pixels. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

const SINGLE_MAX: Box = { width: 400, height: 300 };
const MIN_SIDE = 48;
const TILE = 152;
const GAP = 4;

/** The box of a message's only image: its aspect ratio within 400 × 300, never enlarged. */
export function singleBox({ width, height }: Box): Box {
  const scale = Math.min(1, SINGLE_MAX.width / width, SINGLE_MAX.height / height);
  return {
    width: Math.max(MIN_SIDE, Math.round(width * scale)),
    height: Math.max(MIN_SIDE, Math.round(height * scale)),
  };
}

/** Columns of square tiles for several images. */
export const columnsFor = (count: number): number => (count === 2 || count === 4 ? 2 : 3);

/** Width of a row of tiles with its gaps. */
export const gridWidth = (count: number): number => columnsFor(count) * (TILE + GAP) - GAP;

/** Height of a message's images, with the space around them. */
export function imagesHeight(images: readonly Box[]): number {
  const [first] = images;
  if (first === undefined) return 0;
  if (images.length === 1) return singleBox(first).height + 2 * GAP;
  return Math.ceil(images.length / columnsFor(images.length)) * (TILE + GAP) + GAP;
}
