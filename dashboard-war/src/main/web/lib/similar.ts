/** Names that somebody may have meant. Pure. */

const SHOWN = 3;

/** At most three names: those that contain the text or are contained in it, then those a few letters away. */
export function similar(wanted: string, names: readonly string[]): string[] {
  const text = wanted.toLowerCase();
  return names.map((name) => ({ name, far: name.includes(text) || text.includes(name) ? 0 : distance(text, name) }))
    .filter(({ far, name }) => far <= Math.max(1, Math.floor(Math.min(text.length, name.length) / 3)))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1)).slice(0, SHOWN).map(({ name }) => name);
}

/** Letters to insert, remove or replace to make one text the other. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
