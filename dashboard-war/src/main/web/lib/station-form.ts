/** What the form for a new station means as a request of the management API (M-025). Pure. */

export type Retention = 'message_age_sec' | 'messages' | 'bytes' | 'ack_based';
export type Unit = 's' | 'min' | 'h' | 'd' | 'messages' | 'KiB' | 'MiB' | 'GiB';

/** Units that may follow the amount. */
export const amounts: Record<Retention, readonly Unit[]> = {
  message_age_sec: ['s', 'min', 'h', 'd'], messages: ['messages'], bytes: ['KiB', 'MiB', 'GiB'], ack_based: [],
};

const FACTORS: Record<string, number> = {
  s: 1, min: 60, h: 3600, d: 86400, messages: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3,
};

/** Longest name that the broker takes. */
const LONGEST_NAME = 128;

/**
 * What a station will be called whose name was typed so: small letters, digits, dot, dash and underscore, a letter or digit
 * at both ends. Empty when nothing of it can be kept.
 */
export function stationName(typed: string): string {
  return typed.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9_.-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '').slice(0, LONGEST_NAME).replace(/[^a-z0-9]+$/, '');
}

export interface StationForm {
  readonly name: string;
  readonly retention: Retention;
  readonly amount: number;
  readonly unit: string;
  readonly partitions: number;
  readonly storage: string;
}

export function stationRequest(form: StationForm): Record<string, unknown> {
  return {
    name: stationName(form.name),
    retention_type: form.retention,
    retention_value: form.retention === 'ack_based' ? 0 : form.amount * (FACTORS[form.unit] ?? 1),
    storage_type: form.storage,
    replicas: 1,
    partitions_number: form.partitions,
    dls_configuration: { poison: true, schemaverse: true },
  };
}
