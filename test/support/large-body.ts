const CATEGORY_BYTES = 100_000

/** A write's body of exactly so many bytes, of features as they are in practice: numbers, flags and short texts. */
export function largeBody(bytes: number): string {
  const categories: string[] = []
  let length = 2
  while (length < bytes - 2 * CATEGORY_BYTES) {
    const category = `"category_${categories.length}":{${featuresOf(CATEGORY_BYTES)}}`
    categories.push(category)
    length += category.length + 1
  }
  const tail = '"rest":{"filler":""}'
  categories.push(tail.replace('""', `"${'x'.repeat(bytes - length - tail.length)}"`))
  return `{${categories.join(',')}}`
}

function featuresOf(bytes: number): string {
  const features: string[] = []
  for (let length = 0, index = 0; length < bytes; index += 1) {
    const feature =
      `"avg_credit_${index}d":${index * 1.25},"num_transactions_${index}":${index * 7},` +
      `"is_active_${index}":${index % 2 === 0},"segment_${index}":"segment ${index % 13}"`
    features.push(feature)
    length += feature.length + 1
  }
  return features.join(',')
}

/** The same body in pieces, which a client that does not tell its length sends as chunks. */
export function inChunks(body: string, chunkBytes = 65_536): ReadableStream<Uint8Array> {
  const bytes = Buffer.from(body)
  let offset = 0
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(offset, offset + chunkBytes))
      offset += chunkBytes
    },
  })
}
