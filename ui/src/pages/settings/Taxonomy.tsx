// What customers can speak about: dimensions, their aspects, in three languages side by side.
import { Input } from 'antd';
import type { ReactNode } from 'react';
import { path, useLoad } from '../../lib/api';
import { count } from '../../lib/format';
import { useHere } from '../../lib/session';
import type { Aspect, Taxonomy } from '../../lib/shapes';
import type { Locale } from '../../lib/words';
import { useParam } from '../../lib/url';
import { Load } from '../../parts/Load';
import { w } from './words';

type Dimension = Taxonomy['dimensions'][number];

function titleIn(locale: Locale, of: Pick<Aspect, 'zh_cn' | 'zh_tw' | 'en'>): string {
  return locale === 'zh-CN' ? of.zh_cn : locale === 'zh-TW' ? of.zh_tw : of.en;
}

function holds(a: Aspect, find: string): boolean {
  const text = `${a.id} ${a.zh_cn} ${a.zh_tw} ${a.en}`.toLowerCase();
  return text.includes(find.trim().toLowerCase());
}

function One({ d, find }: { readonly d: Dimension; readonly find: string }): ReactNode {
  const { say, locale } = useHere();
  const aspects = d.aspects.filter((a) => holds(a, find));
  if (aspects.length === 0) return null;
  return (
    <details className="card" open={find !== ''}>
      <summary>
        <b>{titleIn(locale, d)}</b> <span className="quiet small">{say(w.aspects, { n: count(locale, aspects.length) })}</span>
      </summary>
      <table className="table" translate="no">
        <thead>
          <tr>
            <th scope="col">{say(w.aspect)}</th>
            <th scope="col">{say(w.inCn)}</th>
            <th scope="col">{say(w.inTw)}</th>
            <th scope="col">{say(w.inEn)}</th>
            <th scope="col">{say(w.owner)}</th>
          </tr>
        </thead>
        <tbody>
          {aspects.map((a) => (
            <tr key={a.id}>
              <th scope="row">
                <code>{a.id}</code>
              </th>
              <td lang="zh-CN" data-label={say(w.inCn)}>
                {a.zh_cn}
              </td>
              <td lang="zh-TW" data-label={say(w.inTw)}>
                {a.zh_tw}
              </td>
              <td lang="en" data-label={say(w.inEn)}>
                {a.en}
              </td>
              <td data-label={say(w.owner)}>{a.department}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function TaxonomyView(): ReactNode {
  const { say } = useHere();
  const [load, again] = useLoad<Taxonomy>(path('/taxonomy'));
  const [find, setFind] = useParam('find');
  return (
    <section className="settings-stack">
      <p className="quiet">{say(w.taxonomyHint)}</p>
      <Input
        type="search"
        className="settings-find"
        aria-label={say(w.find)}
        placeholder={say(w.find)}
        value={find}
        onChange={(e) => setFind(e.target.value)}
      />
      <Load load={load} again={again} rows={8}>
        {({ dimensions }) => (
          <div className="settings-tree">
            {dimensions.map((d) => (
              <One key={d.id} d={d} find={find} />
            ))}
          </div>
        )}
      </Load>
    </section>
  );
}
