import type { Feature } from '@quantum-hub/openqasm';

/** What no simulator here can do, whatever its state, each with why: only hardware has it, or only somebody else knows it. */
export const HARDWARE_ONLY = {
  stretch: 'a stretch is solved for the gates of a device, and a simulated gate takes no time.',
  durationof: 'a simulated gate takes no time.',
  'gate-duration': 'a simulated gate takes no time.',
  pulse: 'it simulates gates, not pulses.',
  extern: 'nothing here provides the function.',
  opaque: 'the program does not tell what the gate does.',
} as const satisfies Partial<Record<Feature, string>>;
