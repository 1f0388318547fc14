import assert from 'node:assert/strict';
import { displaced, look, notReady, type NodeState } from '../../main/web/lib/cluster.ts';
import { parse, paths } from '../../main/web/lib/router.ts';
import { t } from '../../main/web/lib/texts.ts';

const STATES: NodeState[] = ['forming', 'joining', 'rebuilding', 'ready', 'draining', 'degraded', 'isolated', 'away'];

Deno.test('only ready looks well, and each state has words', () => {
  assert.deepEqual(STATES.filter((state) => look(state) === 'ok'), ['ready']);
  for (const state of STATES) {
    assert.ok(t.nodes.states[state].length > 2, state);
  }
});

Deno.test('nodes that are not ready are told', () => {
  assert.deepEqual(notReady([{ name: 'a', state: 'ready' }, { name: 'b', state: 'away' }]), [{ name: 'b', state: 'away' }]);
});

Deno.test('a group that its first node does not lead is displaced', () => {
  const group = { id: 7, definitions: false, partitions: 1, members: [{ name: 'a' }, { name: 'b' }] };
  assert.equal(displaced({ ...group, leader: 'a' }), false);
  assert.equal(displaced({ ...group, leader: 'b' }), true);
  assert.equal(displaced({ ...group, leader: '' }), true);
});

Deno.test('the page of nodes has an address', () => {
  assert.deepEqual(parse(paths.nodes, ''), { page: 'nodes' });
  assert.deepEqual(parse('/nodes/x', ''), { page: 'unknown' });
});
