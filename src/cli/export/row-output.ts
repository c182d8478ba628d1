import { once } from 'node:events'
import { fstatSync, ftruncateSync, readFileSync, writeSync } from 'node:fs'

/** Where rows go, one after the other; waits while who reads them is slow. */
export type RowOutput = (text: string) => Promise<void>

// What npm says before a script's own output, on standard output.
const NPM_BANNER = /^\n> [^\n]*\n> [^\n]*\n\n$/
const MAX_BANNER_BYTES = 10_000
const STANDARD_OUTPUT = 1

/**
 * Standard output, without what npm has said there: `npm run export > FILE` is to make a file of rows. It is taken back where
 * the file has nothing else; elsewhere it stays, and an import passes over it.
 */
export function openStandardOutput(): RowOutput {
  if (!holdsBannerAlone()) return writeToStream
  ftruncateSync(STANDARD_OUTPUT, 0)
  // The descriptor still stands behind it.
  let position = 0
  return async (text) => {
    const bytes = Buffer.from(text)
    for (let start = 0; start < bytes.length; ) {
      const written = writeSync(STANDARD_OUTPUT, bytes, start, bytes.length - start, position)
      start += written
      position += written
    }
  }
}

async function writeToStream(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

function holdsBannerAlone(): boolean {
  try {
    const output = fstatSync(STANDARD_OUTPUT)
    if (!output.isFile() || output.size > MAX_BANNER_BYTES) return false
    return NPM_BANNER.test(readFileSync(`/dev/fd/${STANDARD_OUTPUT}`, 'utf8'))
  } catch {
    return false
  }
}
