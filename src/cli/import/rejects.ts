import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'

export type Rejects = ReturnType<typeof openRejects>

const MAX_TEXT_CHARACTERS = 4096

/**
 * The file of rows that were not taken: one JSON object a line, with the row's line, what is wrong with it, and its text as far
 * as there is one. It is made with the first of them, in the file's order.
 * @param keptBytes of an earlier run that is gone on with; 0 begins anew.
 */
export function openRejects(path: string, keptBytes: number) {
  let file: number | undefined
  let bytes = keptBytes
  if (keptBytes === 0) rmSync(path, { force: true })
  else {
    file = openSync(path, 'r+')
    ftruncateSync(file, keptBytes)
  }
  return {
    path,

    /** Where the file ends. */
    bytes: () => bytes,

    add(line: number, fault: string, text: string | undefined): void {
      file ??= openSync(path, 'w')
      const cut = text === undefined ? undefined : text.slice(0, MAX_TEXT_CHARACTERS).toWellFormed()
      bytes += writeSync(file, `${JSON.stringify({ line, reason: fault, row: cut })}\n`, bytes)
    },

    close(): void {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}
