import { createHash } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Counts } from './counts.ts'
import type { Position } from './import-row.ts'

/** How far a file has come into a table: all rows up to the position are settled, and counted. */
export type Checkpoint = {
  /** What it is true of: see describeImport. */
  of: string
  position: Position
  counts: Counts
  rejectsBytes: number
  done: boolean
}

const SAMPLE_BYTES = 64 * 1024

/** What an import is about, as a short text: a file's size, beginning and end, the table, and the options that change its rows. */
export async function describeImport(path: string, settings: unknown): Promise<string> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const hash = createHash('sha256').update(JSON.stringify([size, settings]))
    for (const position of [0, Math.max(0, size - SAMPLE_BYTES)]) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, position)
      hash.update(buffer.subarray(0, bytesRead))
    }
    return hash.digest('hex')
  } finally {
    await file.close()
  }
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
