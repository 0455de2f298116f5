import type { Event } from '../engine/follow.ts';
import { gateOn, pauliGate, pauliProduct } from '../engine/gates.ts';
import type { Channel } from './channels.ts';

/** A channel as a random event of one trajectory. */
export function eventOf(channel: Channel): Event {
  switch (channel.kind) {
    case 'depolarizing': {
      const { qubits, error } = channel;
      const products = 4 ** qubits.length;
      const probabilities = Array.from({ length: products }, (_, code) =>
        code === 0 ? 1 - error : error / (products - 1),
      );
      return {
        probabilities: () => probabilities,
        happen: ({ state }, code) => {
          for (const gate of pauliProduct(code, qubits)) state.apply(gate);
        },
      };
    }
    case 'damping':
      return dampingOf(channel.qubit, channel.error);
    case 'dephasing':
      return eitherOr(channel.error, pauliGate('z', channel.qubit));
    case 'flip':
      return eitherOr(channel.error, pauliGate('x', channel.qubit));
  }
}

function eitherOr(error: number, gate: ReturnType<typeof pauliGate>): Event {
  return {
    probabilities: () => [1 - error, error],
    happen: ({ state }, outcome) => {
      if (outcome === 1) state.apply(gate);
    },
  };
}

/**
 * Kraus operators diag(1, sqrt(1 - e)) and sqrt(e) |0><1|: the qubit falls with e times the probability of 1; where it does not, not
 * falling is a little evidence for 0, and the state is tilted accordingly and normalised.
 */
function dampingOf(qubit: number, error: number): Event {
  return {
    probabilities: (state) => {
      const falls = error * state.probabilityOfOne(qubit);
      return [1 - falls, falls];
    },
    happen: ({ state }, outcome) => {
      if (outcome === 1) {
        state.collapse(qubit, 1);
        state.apply(pauliGate('x', qubit));
        return;
      }
      const norm = 1 / Math.sqrt(1 - error * state.probabilityOfOne(qubit));
      state.apply(gateOn(qubit, Float64Array.of(norm, 0, 0, 0, 0, 0, norm * Math.sqrt(1 - error), 0)));
    },
  };
}
