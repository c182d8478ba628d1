import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'

export type Rejects = ReturnType<typeof openRejects>

const MAX_TEXT_CHARACTERS = 4096

/** As much of a row's text as its reject tells, without the rest in memory. */
export function excerptOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length <= MAX_TEXT_CHARACTERS) return text
  // A slice alone would keep the whole text.
  return Buffer.from(text.slice(0, MAX_TEXT_CHARACTERS)).toString()
}

/**
 * The file of rows that were not taken: one JSON object a line, with the row's first line, what is wrong with it, and its text as far
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
    /** Where the file ends. */
    bytes: () => bytes,

    /** @throws Error when it cannot be written; nothing is added then. */
    add(line: number, fault: string, text: string | undefined): void {
      file ??= openSync(path, 'w')
      const added = Buffer.from(`${JSON.stringify({ line, reason: fault, row: text?.toWellFormed() })}\n`)
      for (let written = 0; written < added.length; ) {
        written += writeSync(file, added, written, added.length - written, bytes + written)
      }
      bytes += added.length
    },

    close(): void {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}
