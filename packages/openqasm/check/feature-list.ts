/** Every feature of the language that a device may take or refuse, with what it asks of the device. */
export const FEATURES = {
  'mid-circuit-measurement':
    'a qubit is used again after it was measured, or the program goes on by an outcome',
  reset: 'a qubit is set to 0 while the program runs',
  'measured-branch': '`if` or `switch` that hangs on measured values',
  'measured-loop': '`while`, or a `for` whose range or end hangs on measured values',
  'classical-control': '`if`, `switch`, `for` or `while`: control flow of any kind',
  'classical-arithmetic': 'expressions that are evaluated while the program runs',
  subroutine: '`def` subroutines',
  array: 'variables of array type',
  complex: 'variables of complex type',
  input: '`input` variables: values are given with the run',
  modifier: '`ctrl`, `negctrl`, `inv` or `pow` on a gate',
  'global-phase': '`gphase`',
  'hardware-qubit': 'qubits of the device by their number, `$0`',
  timing: '`delay`, `box`, `duration`: a device may ignore or keep the time',
  pulse: '`cal`, `defcal`: pulses of a device',
  stretch: '`stretch`: lengths of time that a compiler solves for a device',
  durationof: '`durationof`: how long a device takes for a block',
  'gate-duration': 'a gate that is told how long it takes: `x[20ns] q;`',
  extern: 'calls of `extern` functions, which somebody else has to provide',
  opaque: 'calls of `opaque` gates of OpenQASM 2, whose meaning the program does not tell',
} as const;

export type Feature = keyof typeof FEATURES;
