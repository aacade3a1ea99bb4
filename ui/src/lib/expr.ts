// Writing the one expression language: values quoted, conditions joined.
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function allOf(...conditions: readonly (string | false | null | undefined)[]): string {
  return conditions.filter((c) => c).join(' and ');
}
