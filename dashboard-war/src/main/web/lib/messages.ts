/** Reading stored messages through the management API (M-062, M-023). Reading moves no consumer group. */
import { session } from './context.ts';
import { fromHex } from './payload.ts';

/** A row of the list: what the station overview tells of a message. */
export interface MessageRow {
  readonly message_seq: number;
  readonly partition: number;
  readonly produced_by: string;
  /** Hexadecimal, cut to the first bytes. */
  readonly data: string;
  readonly created_at: string;
  /** With headers. */
  readonly size: number;
  readonly payload_size: number;
  readonly headers: Record<string, string> | null;
}

/** Bytes of content in a row of the list: what a wide window has room for. */
const PREVIEW_BYTES = 160;

/** One message with all of its content. */
export interface Message {
  readonly partition: number;
  readonly sequence: number;
  readonly producer: string;
  readonly storedAt: number;
  readonly size: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** Messages, and what of them cannot be read. */
export interface MessageList {
  readonly rows: MessageRow[];
  readonly problems: readonly string[];
}

/** The newest messages of all partitions, the newest first. */
export async function lastMessages(station: string): Promise<MessageList> {
  const overview = await session.call<{ messages?: MessageRow[] | null; message_problems?: string[] }>('GET',
    `/api/monitoring/getStationOverviewData?station_name=${encodeURIComponent(station)}&partition_number=-1`
    + `&missing_ok=true&preview_bytes=${PREVIEW_BYTES}`);
  return { rows: [...overview.messages ?? []].reverse(), problems: overview.message_problems ?? [] };
}

interface Details {
  readonly producer?: { readonly name: string };
  readonly message?: { readonly time_sent: string; readonly size: number; readonly data: string;
    readonly headers: Record<string, string> | null };
}

/** One message; undefined when it is not there (any more). */
export async function readMessage(station: string, partition: number, sequence: number): Promise<Message | undefined> {
  const found = await session.call<Details>('GET', `/api/stations/getMessageDetails?station_name=${encodeURIComponent(station)}`
    + `&is_dls=false&partition_number=${partition === 0 ? -1 : partition}&message_seq=${sequence}&missing_ok=true`);
  return found.message === undefined ? undefined : { partition, sequence, producer: found.producer?.name ?? '',
    storedAt: Date.parse(found.message.time_sent), size: found.message.size,
    headers: Object.entries(found.message.headers ?? {}), payload: fromHex(found.message.data) };
}
