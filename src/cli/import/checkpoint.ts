import { createHash } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Counts } from './counts.ts'
import type { Position } from './import-row.ts'

/** How far a file has come into a table: all rows up to the position are settled, and counted. */
export type Checkpoint = {
  /** What it is true of: see nameImport. */
  of: string
  position: Position
  counts: Counts
  rejectsBytes: number
  /** Whether the file has come to its end. */
  done: boolean
}

const SAMPLE_BYTES = 64 * 1024

/** What a file is, as far as a look at it tells: its size, the time of its last change, its beginning and its end. */
export async function describeFile(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { size, mtimeMs } = await file.stat()
    const hash = createHash('sha256').update(JSON.stringify([size, mtimeMs]))
    for (const position of [0, Math.max(0, size - SAMPLE_BYTES)]) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, position)
      hash.update(buffer.subarray(0, bytesRead))
    }
    return hash.digest('hex')
  } finally {
    await file.close()
  }
}

/** A name for what an import is about: the file, the options that change its rows, the table itself. */
export function nameImport(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** The checkpoint in a file; undefined where there is none that is true of this import. */
export function readCheckpoint(path: string, of: string): Checkpoint | undefined {
  try {
    const checkpoint = JSON.parse(readFileSync(path, 'utf8')) as Checkpoint
    return checkpoint.of === of ? checkpoint : undefined
  } catch {
    return undefined
  }
}

/** Takes the place of the one before at once: a kill leaves one of the two. */
export function writeCheckpoint(path: string, checkpoint: Checkpoint): void {
  const fresh = `${path}.new`
  writeFileSync(fresh, `${JSON.stringify(checkpoint)}\n`)
  renameSync(fresh, path)
}

/** Removes it, once all is done. */
export function removeCheckpoint(path: string): void {
  rmSync(path, { force: true })
}
