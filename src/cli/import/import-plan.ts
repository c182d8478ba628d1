import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { FileError } from '../bulk/file-error.ts'
import { type Checkpoint, describeImport, readCheckpoint } from './checkpoint.ts'
import type { ImportOptions } from './import-options.ts'
import type { RowSource } from './import-row.ts'
import { openRows } from './open-rows.ts'

/** A file that is to be imported, and how far it has come. */
export type FilePlan = {
  path: string
  source: RowSource
  /** What the import is about. */
  of: string
  rejectsPath: string
  checkpointPath: string
  checkpoint: Checkpoint | undefined
}

/**
 * Opens all files before anything is written.
 * @param target where the rows go: of an import that goes elsewhere, a checkpoint says nothing.
 * @throws FileError where one of them cannot be imported.
 */
export async function planImport(options: ImportOptions, target: unknown): Promise<FilePlan[]> {
  const plans: FilePlan[] = []
  const { tableType, category, writer, strings, delimiter, stateDir, restart, dryRun } = options
  for (const file of options.files) {
    const { path, format } = file
    const source = await explained(path, () => openRows(file, options))
    const of = await describeImport(path, [target, tableType, category, writer, strings, delimiter, format])
    const state = stateDir === undefined ? path : join(stateDir, basename(path))
    requireWritable(dirname(state))
    const checkpointPath = `${state}.checkpoint.json`
    // Those of a run that is to be gone on with are its own.
    const rejectsPath = `${state}${dryRun ? '.dry-run' : ''}.rejects.ndjson`
    const found = restart || dryRun ? undefined : readCheckpoint(checkpointPath, of)
    const checkpoint = found && sizeOf(rejectsPath) >= found.rejectsBytes ? found : undefined
    plans.push({ path, source, of, rejectsPath, checkpointPath, checkpoint })
  }
  const paths = plans.map(({ checkpointPath }) => checkpointPath)
  const twice = paths.find((path, index) => paths.indexOf(path) !== index)
  if (twice !== undefined) throw new FileError(`two of the files would share ${twice}; import them one after the other`)
  return plans
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
