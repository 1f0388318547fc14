import assert from 'node:assert/strict';

const css = Deno.readTextFileSync(new URL('../../main/web/css/tokens.css', import.meta.url));
const tokens = new Map([...css.matchAll(/--([\w-]+): light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\)/g)]
  .map(([, name, light, dark]) => [name as string, { light: light as string, dark: dark as string }]));

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string, theme: 'light' | 'dark'): number {
  const [x, y] = [tokens.get(a), tokens.get(b)];
  assert.ok(x && y, `${a} and ${b} are tokens`);
  const [l1, l2] = [luminance(x[theme]), luminance(y[theme])];
  return (Math.max(l1, l2) + 0.05) / (Math.min(l1, l2) + 0.05);
}

const TEXT = [
  ...['text', 'text-2', 'text-3', 'accent', 'ok', 'warn', 'danger', 'info', 'data-in', 'data-out', 'data-lag']
    .flatMap((ink) => ['bg', 'surface', 'surface-2'].map((ground) => [ink, ground])),
  ['on-accent', 'accent'], ['on-accent', 'accent-hover'], ['on-danger', 'danger'], ['info', 'info-soft'], ['text', 'info-soft'],
  ['text', 'warn-soft'], ['text', 'danger-soft'], ['text', 'overlay'], ['text-2', 'overlay'], ['text-3', 'overlay'],
  ['danger', 'overlay'], ['accent', 'overlay'], ['text', 'accent-soft'],
] as [string, string][];
const CONTROLS = ['border-strong', 'focus'].flatMap((ink) => ['bg', 'surface', 'surface-2'].map((ground) => [ink, ground])) as [string, string][];

for (const theme of ['light', 'dark'] as const) {
  Deno.test(`text is readable in the ${theme} theme`, () => {
    const weak = TEXT.filter(([a, b]) => contrast(a, b, theme) < 4.5).map(([a, b]) => `${a} on ${b}: ${contrast(a, b, theme).toFixed(2)}`);
    assert.deepEqual(weak, []);
  });
  Deno.test(`outlines of controls are visible in the ${theme} theme`, () => {
    const weak = CONTROLS.filter(([a, b]) => contrast(a, b, theme) < 3).map(([a, b]) => `${a} on ${b}: ${contrast(a, b, theme).toFixed(2)}`);
    assert.deepEqual(weak, []);
  });
}
