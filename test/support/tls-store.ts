import { readFileSync } from 'node:fs'
import { createServer, getCACertificates, setDefaultCACertificates, type TLSSocket, type TlsOptions } from 'node:tls'
import { onTestFinished } from 'vitest'
import { echo, type StoreRequest, startLoopbackStore } from './loopback-store.ts'

/** A key, and a certificate that it signed itself: for `localhost` and 127.0.0.1, or for a name that leads nowhere. */
export function keyAndCertificate(name: 'localhost' | 'elsewhere'): string {
  return readFileSync(new URL(`../fixtures/${name}.pem`, import.meta.url), 'utf8')
}

/** Trusts a certificate, besides the usual ones, until the test ends. */
export function trust(certificate: string): void {
  const usual = getCACertificates('default')
  setDefaultCACertificates([...usual, certificate])
  onTestFinished(() => setDefaultCACertificates(usual))
}

/** A store on loopback that is reached over TLS; `resumed`: whether each of its connections resumed a session of one before. */
export async function startTlsStore(pem: string, answer: (request: StoreRequest) => void = echo, options: TlsOptions = {}) {
  const server = createServer({ key: pem, cert: pem, ALPNProtocols: ['h2', 'http/1.1'], ...options })
  const resumed: boolean[] = []
  // A connection that has been closed does not tell it any more.
  server.on('secureConnection', (socket: TLSSocket) => void resumed.push(socket.isSessionReused()))
  const store = await startLoopbackStore(answer, { server, event: 'secureConnection' })
  return { ...store, resumed }
}
