// Tables as files: UTF-8 with a mark, so that every spreadsheet reads the characters as they are.
import { csvText } from './tally';

export type Table = readonly (readonly (string | number | null | undefined)[])[];

export function saveText(name: string, text: string): void {
  const at = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = at;
  link.download = `heed-${name.replace(/[^\w-]+/g, '-')}.csv`;
  link.click();
  URL.revokeObjectURL(at);
}

export function saveCsv(name: string, table: Table): void {
  saveText(name, table.map((row) => `${row.map((v) => csvText(String(v ?? ''))).join(',')}\r\n`).join(''));
}
