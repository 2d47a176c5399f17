import { expect, test } from 'vitest';
import { ConnectionGate, type GatedConnection } from './connection-gate.ts';

const gateWith = (maxConnections: number, maxConnectionsPerAddress: number) => {
  const gate = new ConnectionGate({ maxConnections, maxConnectionsPerAddress });
  const evicted: string[] = [];
  const connection = (name: string, address: string, silent: boolean): GatedConnection => ({
    address,
    silent,
    evict: () => evicted.push(name),
  });
  return { gate, evicted, connection };
};

test('the oldest silent connection makes room, of the same address when that is what is full', () => {
  const { gate, evicted, connection } = gateWith(4, 2);
  const entered = [
    gate.enter(connection('a1 speaks', 'a', false)),
    gate.enter(connection('b1 silent', 'b', true)),
    gate.enter(connection('a2 silent', 'a', true)),
    gate.enter(connection('a3 speaks', 'a', false)),
    gate.enter(connection('a4 speaks', 'a', false)),
    gate.enter(connection('c1 speaks', 'c', false)),
    gate.enter(connection('d1 speaks', 'd', false)),
    gate.enter(connection('e1 speaks', 'e', false)),
  ];
  expect({ entered, evicted, size: gate.size }).toEqual({
    entered: [true, true, true, true, false, true, true, false],
    evicted: ['a2 silent', 'b1 silent'],
    size: 4,
  });
});

test('who leaves frees his place, once', () => {
  const { gate, connection } = gateWith(1, 1);
  const first = connection('first', 'a', false);
  expect(gate.enter(first)).toBe(true);
  gate.leave(first);
  gate.leave(first);
  expect([
    gate.size,
    gate.enter(connection('second', 'a', false)),
    gate.enter(connection('third', 'b', false)),
  ]).toEqual([0, true, false]);
});
