import { StatsD } from 'hot-shots'
import { createHostLookup, LOOKUP_PENDING } from './host-lookup.ts'

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

/** Tags by their names; the values are clean. */
export type Tags = Readonly<Record<string, string>>

// What a UDP datagram may hold and still fit an Ethernet frame; on loopback frames are larger, and StatsD servers (the Datadog
// Agent's default buffer) read 8 KB. Sending one costs more than writing the lines in it.
const DATAGRAM_BYTES = 1400
const LOOPBACK_DATAGRAM_BYTES = 8000

/** Where and how to send, worked out once for all who send. */
export type StatsDTarget = StatsDOptions & { socketOptions: ReturnType<typeof socketOptionsFor> }

/** The client for what is sent once a second or less. Its settings are these and no others, whatever DD_* variables say. */
export function createStatsD({ host, port, prefix, format, onFailure, socketOptions }: StatsDTarget): StatsD {
  return new StatsD({
    host,
    port,
    prefix: `${prefix}.`,
    maxBufferSize: datagramBytesTo(host),
    telegraf: format === 'telegraf',
    datadog: false,
    includeDataDogTags: false,
    udpSocketOptions: socketOptions,
    errorHandler: onFailure,
  })
}

/** Bytes of lines that a datagram to this host may hold. */
export function datagramBytesTo(host: string): number {
  const isLoopback = host === 'localhost' || host === '::1' || host.startsWith('127.')
  return isLoopback ? LOOPBACK_DATAGRAM_BYTES : DATAGRAM_BYTES
}

/** A UDP socket's options, by which sending never waits for the host's name. */
export function socketOptionsFor(host: string) {
  return { type: socketTypeFor(host), lookup: createHostLookup(host) }
}

export function socketTypeFor(host: string): 'udp4' | 'udp6' {
  return host.includes(':') ? 'udp6' : 'udp4'
}

/** Passes on the first failure of all, and none that only means that the host's name is being looked up. */
export function onlyFirst(onFailure: (error: Error) => void): (error: Error & { code?: string }) => void {
  let hasFailed = false
  return (error) => {
    if (hasFailed || error.code === LOOKUP_PENDING) return
    hasFailed = true
    onFailure(error)
  }
}
