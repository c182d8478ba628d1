import { lookup as lookUp } from 'node:dns'
import { isIP } from 'node:net'

const FRESH_MS = 60_000
const RETRY_MS = 10_000
const IPV4 = 4

/** The code of the error by which a datagram is dropped while its host is looked up for the first time: no failure yet. */
export const LOOKUP_PENDING = 'LOOKUP_PENDING'
const PENDING_MS = 5000

type Found = (error: NodeJS.ErrnoException | null, address: string, family: number) => void

/**
 * A lookup for a UDP socket that never waits: it answers with the address found last, and looks for a new one in the
 * background, one look at a time. A slow DNS server so keeps no thread from the file system and the other lookups.
 */
export function createHostLookup(host: string) {
  let address: string | undefined
  let failure: NodeJS.ErrnoException | null = null
  let nextLookMs = 0

  const startedMs = performance.now()

  function unansweredFor(ms: number): Error {
    const error = new Error(`looking up ${host} has brought no answer yet`)
    return ms < PENDING_MS ? Object.assign(error, { code: LOOKUP_PENDING }) : error
  }

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
    else found(failure ?? unansweredFor(performance.now() - startedMs), '', 0)
  }
}
