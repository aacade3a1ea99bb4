// What people speak about, by its title in the reader's language; asked of the server once.
import { useEffect, useState } from 'react';
import { get, path } from './api';
import { useHere } from './session';
import type { Locale } from './words';

interface Titled {
  readonly id: string;
  readonly zh_cn: string;
  readonly zh_tw: string;
  readonly en: string;
}
export interface Aspect extends Titled {
  readonly department: string | null;
}
export interface Dimension extends Titled {
  readonly aspects: readonly Aspect[];
}
export interface Taxonomy {
  readonly dimensions: readonly Dimension[];
}

export function titleIn(locale: Locale, of: Titled): string {
  return locale === 'zh-CN' ? of.zh_cn : locale === 'zh-TW' ? of.zh_tw : of.en;
}

let asked: Promise<ReadonlyMap<string, Titled>> | null = null;
function titles(): Promise<ReadonlyMap<string, Titled>> {
  asked ??= get<Taxonomy>(path('/taxonomy')).then((t) => new Map(t.dimensions.flatMap((d) => d.aspects).map((a) => [a.id, a])));
  asked.catch(() => (asked = null));
  return asked;
}

// The title of an aspect; its own id until the titles are here, or when it has none.
export function useAspectTitle(): (id: string) => string {
  const { locale } = useHere();
  const [known, setKnown] = useState<ReadonlyMap<string, Titled>>(new Map());
  useEffect(() => {
    let gone = false;
    titles().then(
      (m) => !gone && setKnown(m),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, []);
  return (id) => {
    const found = known.get(id);
    return found ? titleIn(locale, found) : id;
  };
}
