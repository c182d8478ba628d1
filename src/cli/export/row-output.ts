import { once } from 'node:events'
import { fstatSync, fsyncSync, ftruncateSync, readFileSync, writeSync } from 'node:fs'

/** Where rows go, one text after the other; waits while who reads them is slow. */
export type RowOutput = {
  /** @throws the system's error when not all of it can be written. */
  write: (text: string) => Promise<void>
  /** @throws the system's error when what was written cannot be kept. */
  end: () => Promise<void>
}

// What npm says before a script's own output, on standard output.
const NPM_BANNER = /^\n> [^\n]*\n> [^\n]*\n\n$/
const MAX_BANNER_BYTES = 10_000
const STANDARD_OUTPUT = 1

/** Standard output, for rows and nothing else: a file of them, or a pipe. */
export function openStandardOutput(): RowOutput {
  return fstatSync(STANDARD_OUTPUT).isFile() ? fileOutput() : streamOutput()
}

/**
 * A file, by calls that do not take a part for the whole, as a stream does where the disk is full. What npm has said there, where
 * the file has nothing else, is taken back: `npm run export > FILE` is to make a file of rows. The first ones go to its place, all
 * others behind it, where the descriptor stands, for who writes there afterwards.
 */
function fileOutput(): RowOutput {
  const bannerBytes = bytesOfBannerAlone()
  if (bannerBytes > 0) ftruncateSync(STANDARD_OUTPUT, 0)
  let position = 0

  function writeAll(bytes: Buffer): void {
    for (let start = 0; start < bytes.length; ) {
      const isFirst = position < bannerBytes
      const length = isFirst ? Math.min(bytes.length - start, bannerBytes - position) : bytes.length - start
      const written = writeSync(STANDARD_OUTPUT, bytes, start, length, isFirst ? position : null)
      start += written
      position += written
    }
  }
  return {
    write: async (text) => writeAll(Buffer.from(text)),
    async end() {
      // Empty lines, which are no rows: a hole would be of zeros.
      writeAll(Buffer.alloc(Math.max(0, bannerBytes - position), '\n'))
      fsyncSync(STANDARD_OUTPUT)
    },
  }
}

function streamOutput(): RowOutput {
  let last = Promise.resolve()
  async function writeToStream(text: string): Promise<void> {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain')
  }
  return {
    write(text) {
      last = last.then(() => writeToStream(text))
      return last
    },
    end: () => last,
  }
}

function bytesOfBannerAlone(): number {
  try {
    const { size } = fstatSync(STANDARD_OUTPUT)
    return size <= MAX_BANNER_BYTES && NPM_BANNER.test(readFileSync(`/dev/fd/${STANDARD_OUTPUT}`, 'utf8')) ? size : 0
  } catch {
    return 0
  }
}
