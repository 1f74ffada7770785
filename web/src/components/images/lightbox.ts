import { shallowRef } from 'vue';
import type { ShownImage } from './shown-image.ts';

/** The images that are looked at, and at which of them. */
export interface Look {
  readonly images: readonly ShownImage[];
  readonly index: number;
  /** Who sent them, and when. */
  readonly caption: string;
}

/** What is looked at in this tab; null: nothing. Outside of the timeline, whose rows go when they are scrolled away. */
export const look = shallowRef<Look | null>(null);
