import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Names under which systems have a Chromium. */
export const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** The path of the first of these programs that is on the PATH. */
export function findProgram(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

/**
 * The path of a program that a test cannot do without.
 * @throws Error naming it; the project of tests is left out where it is missing, but in CI.
 */
export function requireProgram(names: readonly string[]): string {
  const path = findProgram(names)
  if (path === undefined) throw new Error(`Needed, and not on the PATH: ${names.join(' or ')}`)
  return path
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
