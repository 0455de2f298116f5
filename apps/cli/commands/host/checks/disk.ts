import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Finding, failed, ok, warning } from '../check.ts';

const gigabyte = 1e9;
/** PostgreSQL stops taking writes when its disk is full; a segment of its log alone has 16 MB. */
const leastBytes = gigabyte;
const fewBytes = 5 * gigabyte;

/** Free space where the hub's files are; of the nearest folder that there is. */
export async function checkDisk(folder: string, look: typeof statfs = statfs): Promise<Finding> {
  const { bavail, bsize, blocks } = await nearest(folder, look);
  const [free, total] = [bavail * bsize, blocks * bsize];
  const text = `${sizeText(free)} of ${sizeText(total)} are free at ${folder}`;
  if (free < leastBytes) return failed('disk', text, 'free some, or move QHUB_HOME to a larger disk');
  if (free < fewBytes) return warning('disk', text, 'free some before the database needs it');
  return ok('disk', text);
}

const sizeText = (bytes: number) =>
  bytes < gigabyte ? `${Math.floor(bytes / 1e6)} MB` : `${(bytes / gigabyte).toFixed(1)} GB`;

async function nearest(folder: string, look: typeof statfs) {
  for (let path = folder; ; path = dirname(path)) {
    try {
      return await look(path);
    } catch (error) {
      if (path === dirname(path)) throw error;
    }
  }
}
