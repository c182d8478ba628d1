import { resolve } from 'node:path'
import type { Environment } from '../../config.ts'

/** A path as the caller means it: npm runs its scripts in the project's folder, wherever it was called. */
export function callerPath(path: string, { INIT_CWD }: Environment): string {
  if (INIT_CWD === undefined || resolve(INIT_CWD) === process.cwd()) return path
  return resolve(INIT_CWD, path)
}
