/** The nodes of a cluster as the management API tells of them, and what of it is said how. Pure, so that it can be tested. */

export type NodeState = 'forming' | 'joining' | 'rebuilding' | 'ready' | 'draining' | 'degraded' | 'isolated' | 'away';

/** What speaks against a node leading groups; nothing when it is empty. */
export type Hindrance = '' | 'no-room' | 'opens-again' | 'stops';

/** A node; what it says of itself is missing when it has not said anything yet. */
export interface ClusterNode {
  readonly name: string;
  readonly state: NodeState;
  readonly partitions: number;
  readonly leads: number;
  readonly hindrance: Hindrance;
  readonly link?: { readonly address: string; readonly up: boolean; readonly rtt_ms?: number; readonly clock_offset_ms?: number; readonly pending_bytes?: number };
  readonly heard_ms?: number;
  readonly groups?: number;
  readonly rebuilds?: number;
  readonly failed?: number;
  readonly lag?: number;
  readonly version?: string;
  readonly started_at?: number;
  readonly connections?: number;
  readonly cpu_percent?: number;
  readonly processors?: number;
  readonly memory_used?: number;
  readonly memory_total?: number;
  readonly storage_used?: number;
  readonly storage_total?: number;
}

/** A group of nodes that have the same partitions, the one that should lead first; or the definitions. */
export interface ClusterGroup {
  readonly id: number;
  readonly definitions: boolean;
  readonly leader: string;
  readonly partitions: number;
  readonly members: readonly { readonly name: string; readonly lag?: number }[];
}

export interface Cluster {
  readonly name: string;
  readonly self: string;
  readonly leader: string;
  readonly nodes: readonly ClusterNode[];
  readonly groups: readonly ClusterGroup[];
  readonly may_move: boolean;
}

/** Where a partition of a station is. */
export interface Place {
  readonly partition: number;
  readonly group: number;
  readonly leader: string;
  readonly replicas: readonly { readonly name: string; readonly up: boolean; readonly current: boolean; readonly lag: number }[];
}

/** How a state is shown. */
export function look(state: NodeState): 'ok' | 'warn' | 'danger' | 'off' {
  switch (state) {
    case 'ready': return 'ok';
    case 'degraded': case 'isolated': return 'danger';
    case 'away': return 'danger';
    case 'draining': return 'off';
    default: return 'warn';
  }
}

/** Names of nodes that are not ready, with what they are. */
export function notReady(nodes: readonly { readonly name: string; readonly state: NodeState }[]): { readonly name: string; readonly state: NodeState }[] {
  return nodes.filter((node) => node.state !== 'ready');
}

/** Whether somebody else than the first of its members leads a group, or nobody does. */
export function displaced(group: ClusterGroup): boolean {
  return group.leader !== group.members[0]?.name;
}
