// The button that takes a table along, for those who may: what is shown, or all that stands behind it.
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { saveCsv, type Table } from '../lib/csv';
import { useDoing } from '../lib/doing';
import { useHere } from '../lib/session';
import type { Phrases } from '../lib/words';
import { Refused } from './Refused';

const w = {
  asCsv: ['导出 CSV', '匯出 CSV', 'Export CSV'],
} satisfies Phrases;

interface Props {
  readonly name: string;
  readonly table: () => Table | Promise<Table>;
}

export function Csv({ name, table }: Props): ReactNode {
  const { say, may } = useHere();
  const doing = useDoing();
  if (!may('export')) return null;
  const save = (): void =>
    void doing.run(async () => {
      saveCsv(name, await table());
    });
  return (
    <>
      <Button onClick={save} loading={doing.busy}>
        {say(w.asCsv)}
      </Button>
      <Refused failure={doing.failure} />
    </>
  );
}
