// What a page tells the frame about itself; pages/<name>/page.ts exports one as `page`.
import type { ComponentType } from 'react';
import type { Phrase } from './words';

export interface Page {
  readonly at: string; // its address: '/voices'; one part only
  readonly also?: readonly string[]; // further addresses: the link of the first start
  readonly title: Phrase; // in the navigation, the window's title and the heading
  readonly short?: Phrase; // at the foot of a phone
  readonly order: number; // place in the navigation; 0: not in it
  readonly icon: string; // SVG path data on a 24 × 24 grid, drawn as strokes
  readonly right?: string; // who lacks it does not see the page
  readonly outside?: true; // shown to people who are not signed in, without the frame
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}
