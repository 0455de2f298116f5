import { checkedAnswer } from '../domain/device-answer.ts';
import { deviceRequest, portLanguage } from '../domain/device-request.ts';
import type { ResultDocument } from '../domain/result-document.ts';
import { programHash } from './check-program.ts';
import { keepResult, type ResultPlaces } from './keep-result.ts';
import type { FinishedJob, RunKit } from './run-job.ts';

/** How the worker turns jobs into requests, answers into results and results into rows. */
export function runKit(places: ResultPlaces): RunKit {
  return {
    request: ({ program, programLanguage, requestKind: kind, ...asked }) =>
      deviceRequest({
        ...asked,
        kind,
        program: { language: portLanguage(programLanguage), source: program },
      }),
    check: (answer, request, profile, { program }) =>
      checkedAnswer(answer, request, profile, programHash(Buffer.from(program))),
    keep: (finished) => keepResult(places, finishedRun(finished)),
  };
}

function finishedRun({ job, deviceSnapshot, result, deviceMs }: FinishedJob) {
  const { id, name, inputs, shots, queuedAt } = job;
  const language = job.programLanguage as ResultDocument['program']['language'];
  return {
    job: { id, name, language, inputs, shots, queuedAt },
    attempt: job.attempt,
    snapshot: deviceSnapshot as Readonly<Record<string, unknown>>,
    result,
    startedAt: job.startedAt,
    // By the database's clock as far as it was told: the attempt began there, and took this long here.
    finishedAt: new Date(Math.max(Date.now(), job.startedAt.getTime())),
    deviceMs,
  };
}
