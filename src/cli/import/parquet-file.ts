import { open } from 'node:fs/promises'
import type { AsyncBuffer } from 'hyparquet'

/** A file as the library takes it, open until the process ends. Read at once where it is wanted: as a stream it would be held twice. */
export async function openParquetFile(path: string): Promise<AsyncBuffer> {
  const file = await open(path)
  const { size } = await file.stat()
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, end - start))
      for (let read = 0; read < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, read, bytes.length - read, start + read)
        if (bytesRead === 0) throw new RangeError('the file ends before what it says it has')
        read += bytesRead
      }
      return bytes.buffer
    },
  }
}
