/** Light, dark, or as the system says. A preference, so it may be kept in browser storage. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'memphis-ee.theme';
const ORDER: Theme[] = ['system', 'light', 'dark'];

export function theme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system'; // storage is forbidden
  }
}

export function applyTheme(chosen: Theme): void {
  document.documentElement.dataset['theme'] = chosen;
  dispatchEvent(new Event('theme'));
}

export function nextTheme(): Theme {
  const next = ORDER[(ORDER.indexOf(theme()) + 1) % ORDER.length] ?? 'system';
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // it holds for this page then
  }
  applyTheme(next);
  return next;
}
