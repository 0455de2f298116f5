import type { Device, DeviceRequest, ResultRegister } from '@quantum-hub/execution/ports';

/** One thing that a device must get right, or refuse. */
export type ConformanceCase = {
  /** `openqasm3/bell`, `closed-form/ghz-20` ... */
  readonly name: string;
  readonly request: DeviceRequest;
  /** What an answer must be; undefined: it is right. */
  judge(answer: Answered): string | undefined;
  /** Where a program must be refused, and at which line (undefined: any). A device that runs it fails. */
  readonly refusal?: { readonly line: number | undefined };
};

export type Answered = {
  readonly counts: Readonly<Record<string, number>>;
  readonly registers: readonly ResultRegister[];
  readonly shots: number;
};

export type Verdict =
  | { readonly outcome: 'right' }
  /** The device says, at a place, that it does not run such a program: allowed where the program is valid. */
  | { readonly outcome: 'refused'; readonly why: string }
  | { readonly outcome: 'wrong'; readonly why: string };

/** Runs a case on a device and judges the answer. A thrown error of the device counts as wrong. */
export async function judge(device: Device, { request, judge, refusal }: ConformanceCase): Promise<Verdict> {
  let answer: Awaited<ReturnType<Device['run']>>;
  try {
    answer = await device.run(request);
  } catch (error) {
    return { outcome: 'wrong', why: `threw ${error instanceof Error ? error.message : String(error)}` };
  }
  if (!answer.ok) {
    const [first] = answer.errors;
    if (first === undefined) return { outcome: 'wrong', why: 'refused without saying why' };
    const told = `${first.line}:${first.column} ${first.code} ${first.message}`;
    if (refusal === undefined) {
      const honest = first.code === 'unsupported' || first.code === 'limit';
      return honest
        ? { outcome: 'refused', why: told }
        : { outcome: 'wrong', why: `refused a valid program: ${told}` };
    }
    const right = refusal.line === undefined || answer.errors.some(({ line }) => line === refusal.line);
    return right
      ? { outcome: 'right' }
      : { outcome: 'wrong', why: `refused, but not at line ${refusal.line}: ${told}` };
  }
  if (refusal !== undefined) return { outcome: 'wrong', why: 'ran a program that must be refused' };
  if (answer.result.kind !== 'counts')
    return { outcome: 'wrong', why: `answered with ${answer.result.kind}` };
  const why = judge(answer.result);
  return why === undefined ? { outcome: 'right' } : { outcome: 'wrong', why };
}
