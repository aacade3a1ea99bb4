// The voices page.
import type { ReactNode } from 'react';
import { useHere } from '../../lib/session';
import { page } from './page';

export default function View(): ReactNode {
  const { say } = useHere();
  return <h1>{say(page.title)}</h1>;
}
