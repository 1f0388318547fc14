/** Numbers, sizes and times as people read them (dashboard.md 3.4.5). Pure functions; exact values go into tooltips. */

const COUNT = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const SHORT = ['', 'k', 'M', 'G', 'T', 'P'];
const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Shown where nothing is known yet. */
export const UNKNOWN = '–';

/** A whole number with the locale's grouping. */
export function count(value: number): string {
  return COUNT.format(value);
}

/** Three significant digits: 999, 1.2k, 34.5k, 1.2M. */
export function short(value: number): string {
  return scaled(value, 1000, SHORT, '');
}

/** Messages or bytes per second; small rates keep one decimal so that a slow station does not look idle. */
export function rate(value: number | undefined): string {
  if (value === undefined) {
    return UNKNOWN;
  }
  if (value > 0 && value < 10) {
    return value < 0.1 ? '<0.1' : value.toFixed(1).replace(/\.0$/, '');
  }
  return short(Math.round(value));
}

/** Bytes in binary units. */
export function bytes(value: number): string {
  return scaled(value, 1024, BINARY, ' ');
}

function scaled(value: number, base: number, units: string[], gap: string): string {
  let step = 0;
  let rest = value;
  while (step < units.length - 1 && Math.round(rest * (rest < 10 ? 10 : 1)) / (rest < 10 ? 10 : 1) >= base) {
    rest /= base;
    step++;
  }
  const digits = step > 0 && rest < 100 ? 1 : 0;
  return rest.toFixed(digits).replace(/\.0$/, '') + gap + units[step];
}

/** How long something lasts, in its two largest units: 12 s, 3 min 20 s, 5 h 2 min, 4 d 1 h. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86400), 'd'], [Math.floor(whole / 3600) % 24, 'h'], [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) {
    return '0 s';
  }
  return parts.slice(first, first + 2).filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

/** Local date and time to the millisecond, in ISO order. */
export function time(millis: number): string {
  const at = new Date(millis);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:`
    + `${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

/** Local time of day. */
export function clock(millis: number): string {
  return time(millis).slice(11, 19);
}

/** Local date. */
export function date(millis: number): string {
  return time(millis).slice(0, 10);
}

/** One form for one, another for all other numbers. */
export function plural(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
