import { connect, isIP, type Socket, type SocketConnectOpts } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** Where connections lead. */
export type Place = { isTls: boolean; hostname: string; port: number }

// A reply of one item is 1 KB, one of a hundred is 70.
const READ_BYTES = 64 * 1024
const PROBE_AFTER_MS = 60_000

/** A socket whose bytes go straight to `take`: without a stream's queue between, and read into the same memory again and again. */
export function openSocket({ isTls, hostname, port }: Place, take: (bytes: Buffer) => void, session: Buffer | undefined): Socket {
  const memory = Buffer.allocUnsafeSlow(READ_BYTES)
  const onread = {
    buffer: memory,
    callback(bytes: number): boolean {
      take(memory.subarray(0, bytes))
      return true
    },
  }
  // A literal IPv6 address has brackets in a URL only.
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const options = { host, port, onread, noDelay: true, keepAlive: true, keepAliveInitialDelay: PROBE_AFTER_MS }
  if (!isTls) return connect(options satisfies SocketConnectOpts)
  // RFC 6066, section 3: an address is no server name.
  const servername = isIP(host) ? '' : host
  return connectTls({ ...options, servername, ALPNProtocols: ['http/1.1'], ...(session ? { session } : {}) })
}
