import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { FileError } from '../bulk/file-error.ts'
import { type Checkpoint, describeFile, nameImport, readCheckpoint } from './checkpoint.ts'
import type { ImportOptions } from './import-options.ts'
import type { RowSource } from './import-row.ts'
import { openRows } from './open-rows.ts'

/** A file that is to be imported. */
export type FilePlan = {
  path: string
  source: RowSource
  /** What its rows come from: the file and the options that change them. */
  of: string
  rejectsPath: string
  checkpointPath: string
}

/**
 * Opens all files before anything is written.
 * @throws FileError where one of them cannot be imported.
 */
export async function planImport(options: ImportOptions): Promise<FilePlan[]> {
  const plans: FilePlan[] = []
  const { category, writer, strings, delimiter, stateDir, dryRun } = options
  for (const file of options.files) {
    const { path, format } = file
    requireFile(path)
    const source = await explained(path, () => openRows(file, options))
    const of = nameImport([await describeFile(path), category, writer, strings, delimiter, format])
    const state = stateDir === undefined ? path : join(stateDir, basename(path))
    requireWritable(dirname(state))
    // Those of a run that is to be gone on with are its own.
    const rejectsPath = `${state}${dryRun ? '.dry-run' : ''}.rejects`
    plans.push({ path, source, of, rejectsPath, checkpointPath: `${state}.checkpoint.json` })
  }
  const paths = plans.map(({ checkpointPath }) => resolve(checkpointPath))
  const twice = paths.find((path, index) => paths.indexOf(path) !== index)
  if (twice !== undefined) throw new FileError(`two of the files would share ${twice}; import them one after the other`)
  return plans
}

/**
 * How far an earlier run that did not come to its end has come with each file.
 * @param nameOf what an import of a file is named by: see nameImport.
 */
export function findCheckpoints(
  plans: readonly FilePlan[],
  nameOf: (plan: FilePlan) => string,
): readonly (Checkpoint | undefined)[] {
  const found = plans.map((plan) => {
    const checkpoint = readCheckpoint(plan.checkpointPath, nameOf(plan))
    return checkpoint && sizeOf(plan.rejectsPath) >= checkpoint.rejectsBytes ? checkpoint : undefined
  })
  // Files that are all done were part of a run of more files: to name them alone is to import them anew.
  return found.every((checkpoint) => checkpoint?.done) ? [] : found
}

/** A pipe cannot be gone on with, nor looked into before. */
function requireFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new FileError(`${path} cannot be read: there is no such file`)
  if (found.isDirectory()) throw new FileError(`${path} is a folder; name the files in it`)
  if (!found.isFile())
    throw new FileError(
      `${path} is no file that can be read twice, as an import does that goes on after an interruption: save it to a file first`,
    )
}

/** Makes the folder where it is missing. */
function requireWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    const reason = error instanceof Error ? error.message : error
    throw new FileError(`Rejects and checkpoint cannot be kept in ${folder}: ${reason}. Name another folder by --state-dir.`)
  }
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0
}

async function explained<Result>(path: string, open: () => Promise<Result>): Promise<Result> {
  try {
    return await open()
  } catch (error) {
    if (error instanceof FileError) throw new FileError(`${path}: ${error.message}`)
    if (error instanceof Error && 'syscall' in error) throw new FileError(`${path} cannot be read: ${error.message}`)
    throw error
  }
}
