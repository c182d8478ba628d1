import { StatsD } from 'hot-shots'
import { createHostLookup } from './host-lookup.ts'
import { toTagValue } from './tag-value.ts'

export type StatsDOptions = {
  /** A name or an address. */
  host: string
  port: number
  /** What every name begins with, without its dot. */
  prefix: string
  /** DogStatsD: `name:1|c|#tag:value`; Telegraf: `name,tag=value:1|c`. */
  format: 'dogstatsd' | 'telegraf'
  /** Told once of a failure to send, which never reaches a request. */
  onFailure: (error: Error) => void
}

export type StatsDConnection = ReturnType<typeof createStatsD>

/** A client whose lines all carry the same tags. Room must be made before each line; at a rate below 1 for its share. */
export type TaggedClient = { client: StatsD; makeRoomFor: (name: string, rate?: number) => void }

// What a UDP datagram may hold and still fit an Ethernet frame; on loopback frames are larger, and StatsD servers (the Datadog
// Agent's default buffer) read 8 KB. Sending one costs more than writing the lines in it.
const DATAGRAM_BYTES = 1400
const LOOPBACK_DATAGRAM_BYTES = 8000
const MAX_DATAGRAM_BYTES = 60_000
// More than the longest value, type, rate and separators of a line.
const LINE_OVERHEAD_BYTES = 48

/**
 * A buffered UDP connection to a StatsD host. Its settings are these and no others, whatever DD_* variables say.
 *
 * Lines are written by one client for each set of tags, which formats them once (0.4 of the cost of tags with every line).
 * Such clients share a buffer and not their count of its bytes, so the bytes are counted here, and hot-shots' own limit is
 * put out of reach.
 */
export function createStatsD({ host, port, prefix, format, onFailure }: StatsDOptions) {
  let hasFailed = false
  let bufferedBytes = 0
  const datagramBytes = isLoopback(host) ? LOOPBACK_DATAGRAM_BYTES : DATAGRAM_BYTES
  const root = new StatsD({
    host,
    port,
    prefix: `${prefix}.`,
    maxBufferSize: MAX_DATAGRAM_BYTES,
    telegraf: format === 'telegraf',
    datadog: false,
    includeDataDogTags: false,
    udpSocketOptions: { type: host.includes(':') ? 'udp6' : 'udp4', lookup: createHostLookup(host) },
    errorHandler: (error) => {
      if (hasFailed) return
      hasFailed = true
      onFailure(error)
    },
  })

  function flush(): void {
    root.flush()
    bufferedBytes = 0
  }

  function makeRoom(bytes: number): void {
    if (bufferedBytes + bytes > datagramBytes) flush()
    bufferedBytes += bytes
  }

  return {
    /** A client for one set of tags; values are cleaned of what either format gives a meaning to. */
    tagged(tags: Readonly<Record<string, string>>): TaggedClient {
      const globalTags = Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, toTagValue(value)]))
      const ownBytes = LINE_OVERHEAD_BYTES + prefix.length + Buffer.byteLength(Object.entries(globalTags).join())
      return {
        client: root.childClient({ globalTags }),
        makeRoomFor: (name, rate = 1) => makeRoom((ownBytes + name.length) * rate),
      }
    },
    flush,
    /** Sends what is buffered and closes the socket. */
    close: (): Promise<void> => new Promise((resolve) => root.close(() => resolve())),
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
