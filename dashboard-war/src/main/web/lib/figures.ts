/** The figures that the live channel pushes, and how its frames change them. Pure, so that it can be tested. */
import type { NodeState } from './cluster.ts';
import type { Frame } from './live.ts';

/** Topic `overview`. Rates are per second and absent until two samples were taken. */
export interface Overview {
  /** Version of the NATS protocol's reference that is served. */
  readonly protocolVersion: string;
  readonly server: string;
  readonly startedAt: number;
  readonly problems: readonly string[];
  readonly connections: number;
  readonly totalConnections: number;
  readonly subscriptions: number;
  readonly slowConsumers: number;
  readonly inRate?: number;
  readonly outRate?: number;
  /** Messages of the protocol from and to clients, also those that no station stores. */
  readonly receivedRate?: number;
  readonly sentRate?: number;
  readonly inBytesRate?: number;
  readonly outBytesRate?: number;
  readonly stations: number;
  readonly messages: number;
  /** Accounted bytes of the messages on disk. */
  readonly storedBytes: number;
  /** All that lies in the data directory; absent until it was measured. */
  readonly dataBytes?: number;
  /** How near publishes are to being refused for lack of space. */
  readonly storagePercent: number;
  readonly memoryBytes: number;
  readonly diskTotal: number;
  readonly diskFree: number;
  readonly storeLimit: number;
  readonly wellKnownPassword: boolean;
  /** Nodes of the cluster; absent for a broker alone. */
  readonly nodes?: readonly { readonly name: string; readonly state: NodeState }[];
}

/** One sample of the throughput: time in milliseconds, messages stored and delivered per second. */
export type Sample = readonly [at: number, inRate: number, outRate: number];

/** One row of topic `stations`. */
export interface StationRow {
  readonly key: string;
  readonly name: string;
  readonly native: boolean;
  readonly partitions: number;
  readonly storage: 'disk' | 'memory';
  readonly retention: string;
  readonly retentionValue: number;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly messages: number;
  readonly bytes: number;
  readonly lastAt: number;
  readonly frozen: boolean;
  readonly inRate?: number;
  readonly outRate?: number;
  readonly groups: number;
  /** Of the group that is furthest behind. */
  readonly lag: number;
  /** The groups that are furthest behind, at most three, with their lags. */
  readonly top: readonly (readonly [name: string, lag: number])[];
}

/** One row of topic `groups`. */
export interface GroupRow {
  readonly key: string;
  readonly station: string;
  readonly name: string;
  readonly waiting: number;
  readonly inProcess: number;
  readonly lag: number;
  readonly redelivered: number;
  readonly outRate?: number;
  readonly active: boolean;
  readonly lastDeliveredAt: number;
}

interface Rows<R> { readonly rows?: readonly R[]; readonly gone?: readonly string[] }

/** Rows by key after a frame: a snapshot replaces all, a delta changes and removes some. */
export function applyRows<R extends { readonly key: string }>(before: ReadonlyMap<string, R>, frame: Frame):
  ReadonlyMap<string, R> {
  const data = frame.data as Rows<R> | undefined;
  if (data === undefined || frame.kind !== 'snapshot' && frame.kind !== 'delta') {
    return before;
  }
  const after = new Map(frame.kind === 'snapshot' ? [] : before);
  data.rows?.forEach((row) => after.set(row.key, row));
  data.gone?.forEach((key) => after.delete(key));
  return after;
}

/** How much of the throughput is kept here, milliseconds; the broker keeps more. */
export const HISTORY_MILLIS = 300_000;

/** The samples with newer ones, each once and in order; those that are too old are left out. */
export function applySamples(before: readonly Sample[], newer: readonly Sample[]): readonly Sample[] {
  const last = before.at(-1)?.[0] ?? 0;
  const added = newer.filter(([at]) => at > last);
  const from = (added.at(-1)?.[0] ?? last) - HISTORY_MILLIS;
  return added.length === 0 ? before : [...before.filter(([at]) => at >= from), ...added];
}

/** Times of the throughput that can be looked at; what is not live is asked for. */
export const RANGES = {
  live: { millis: HISTORY_MILLIS, step: 1 },
  hour: { millis: 3_600_000, step: 10 },
  hours: { millis: 6 * 3_600_000, step: 10 },
  week: { millis: 7 * 86_400_000, step: 60 },
} as const;
export type Range = keyof typeof RANGES;

/** Columns for the chart: seconds, in, out; null where three samples in a row are missing. */
export function columns(samples: readonly Sample[], step = 1): [number[], (number | null)[], (number | null)[]] {
  const out: [number[], (number | null)[], (number | null)[]] = [[], [], []];
  samples.forEach(([at, inRate, outRate], i) => {
    const previous = samples[i - 1];
    if (previous !== undefined && at - previous[0] > 3_000 * step) {
      out[0].push((previous[0] + 1) / 1000);
      out[1].push(null);
      out[2].push(null);
    }
    out[0].push(at / 1000);
    out[1].push(inRate);
    out[2].push(outRate);
  });
  return out;
}

/** What somebody who does not see the chart is told: in, out, and where it goes. */
export function trend(samples: readonly Sample[]): 'rising' | 'falling' | 'steady' {
  if (samples.length < 10) {
    return 'steady';
  }
  const total = (part: readonly Sample[]): number =>
    part.reduce((sum, [, a, b]) => sum + a + b, 0) / part.length;
  const half = Math.floor(samples.length / 2);
  const early = total(samples.slice(0, half));
  const late = total(samples.slice(half));
  return late > early * 1.2 + 0.5 ? 'rising' : late < early / 1.2 - 0.5 ? 'falling' : 'steady';
}

/** A column by which the stations are sorted, and whether it counts down. */
export interface Order { readonly by: 'name' | 'messages' | 'bytes' | 'inRate' | 'outRate' | 'lag'; readonly down: boolean }

/** The rows that match the text, anywhere in the name and whatever the case, in order; equal ones by name. */
export function arrange(rows: Iterable<StationRow>, filter: string, order: Order): StationRow[] {
  const wanted = filter.trim().toLowerCase();
  const sign = order.down ? -1 : 1;
  return [...rows].filter((row) => row.name.toLowerCase().includes(wanted)).sort((a, b) => {
    const difference = order.by === 'name' ? 0 : (a[order.by] ?? 0) - (b[order.by] ?? 0);
    return difference !== 0 ? sign * difference : (order.by === 'name' ? sign : 1) * compare(a.name, b.name);
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
