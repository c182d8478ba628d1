/** DynamoDB's order of sort keys: by their bytes of UTF-8, which is not JavaScript's order by units of UTF-16. */
export function byUtf8Bytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
