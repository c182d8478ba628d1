import { lookup as lookUp } from 'node:dns'
import { isIP } from 'node:net'

const FRESH_MS = 60_000
const RETRY_MS = 10_000
const IPV4 = 4

type Found = (error: NodeJS.ErrnoException | null, address: string, family: number) => void

/**
 * A lookup for a UDP socket that never waits: it answers with the address found last, and looks for a new one in the
 * background, one look at a time. A slow DNS server so keeps no thread from the file system and the other lookups.
 */
export function createHostLookup(host: string) {
  let address: string | undefined
  let failure: NodeJS.ErrnoException | null = null
  let nextLookMs = 0

  function look(): void {
    nextLookMs = Number.POSITIVE_INFINITY
    lookUp(host, { family: IPV4 }, (error, found) => {
      failure = error
      if (!error) address = found
      nextLookMs = performance.now() + (error ? RETRY_MS : FRESH_MS)
    })
  }

  if (!isIP(host)) look()
  return (asked: string, _family: unknown, found: Found): void => {
    // Also asked for the address that the socket binds to, which needs no looking up.
    if (isIP(asked)) {
      found(null, asked, isIP(asked))
      return
    }
    if (performance.now() >= nextLookMs) look()
    if (address !== undefined) found(null, address, IPV4)
    else found(failure ?? new Error(`the address of ${host} is not known yet`), '', 0)
  }
}
