import { open, stat } from 'node:fs/promises'
import type { AsyncBuffer } from 'hyparquet'

/** A file as the library takes it. What is wanted is read at once: as the library's own stream it would be held twice. */
export async function openParquetFile(path: string): Promise<AsyncBuffer> {
  const { size } = await stat(path)
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, end - start))
      const file = await open(path)
      try {
        for (let read = 0; read < bytes.length; ) {
          const { bytesRead } = await file.read(bytes, read, bytes.length - read, start + read)
          if (bytesRead === 0) throw new RangeError('the file ends before what it says it has')
          read += bytesRead
        }
      } finally {
        await file.close()
      }
      return bytes.buffer
    },
  }
}
