import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { PROJECT_ROOT } from './child-process.ts'
import { type Ending, exchangeBytes, type Patience } from './exchange-bytes.ts'
import { isCutOff, readReplies } from './http-replies.ts'
import { PRODUCTION } from './measured-run.ts'
import { PROBED, probe } from './process-probe.ts'
import { logToItsEnd } from './production-log.ts'
import { faultsOf } from './reply-faults.ts'
import { type KnownRead, makeSandwich } from './sandwich.ts'
import { readFeature, type ServiceProcess, startService, writeFeature } from './service-process.ts'

// Most of a service's start is the compiling of its dependencies.
const CACHED = { NODE_COMPILE_CACHE: join(PROJECT_ROOT, 'node_modules/.cache/compiled-by-tests') }

// For all that is sent side by side, large bodies and a hundred requests on one connection too, however slow the store is.
const ROOM = { MAX_IN_FLIGHT: '1000', MAX_BODY_BYTES_IN_FLIGHT: String(64 * 1024 * 1024) }

const KNOWN = 'known'
const ANSWER_WITHIN_MS = 30_000

export type FuzzTarget = Awaited<ReturnType<typeof startFuzzTarget>>

/** A service in a process of its own, with all its routes, that anything may be sent to. */
export async function startFuzzTarget() {
  const open = { ...ROOM, STATSD_PORT: String(await openDrain()) }
  const service = await startService({ ...PRODUCTION, ...open, ...PROBED, ...CACHED })
  const port = Number(new URL(service.url).port)
  const atStart = await probe(service, 1)
  const known = await writeKnown(service)
  let probes = 1

  async function readKnown(): Promise<void> {
    const reply = await fetch(service.url + known.target)
    const text = await reply.text()
    if (text !== known.answer) throw new Error(`on another connection: ${reply.status} ${text}`)
  }

  /** Until the service has answered the first request, and had every chance to answer what it could of the others. */
  async function untilQuiet(firstAnswered: Promise<void>): Promise<void> {
    await firstAnswered
    await readKnown()
    await readKnown()
  }

  return {
    service,
    port,

    /**
     * Sends bytes between two good requests and returns what is wrong with the answers, and the answers to the bytes. They
     * are given up on once nothing more comes, unless they are `whole`: the service has all that it needs to come to an end.
     */
    async send(filling: string, { whole = false } = {}) {
      const { bytes, firstId, judge } = makeSandwich(filling, known)
      const patience: Patience = whole ? tooLate : (arrived) => untilQuiet(arrived(firstId))
      return judge(await exchangeBytes(port, bytes, 'wait', patience))
    },

    /** Sends bytes as a client that then leaves, and returns what is wrong with what it still read. */
    async sendAndLeave(bytes: string, ending: Exclude<Ending, 'wait'>): Promise<string[]> {
      const { received } = await exchangeBytes(port, bytes, ending, tooLate)
      const read = readReplies(received, { afterHead: bytes.includes('HEAD') })
      return [...faultsOf(read.replies), ...(read.fault && !isCutOff(read) ? [read.fault] : [])]
    },

    /** Whether the service still answers as it did; when not, its process has ended. */
    async isAlive(): Promise<boolean> {
      try {
        await readKnown()
        return true
      } catch (error) {
        if (error instanceof TypeError) await service.exited
        else throw error
        return false
      }
    },

    /** What the process says of itself, garbage collected. */
    async probe() {
      probes += 1
      return probe(service, probes)
    },

    /** Ends the service, which must be the process that it was, answer truly, and have nothing to complain of. */
    async expectUnharmed(): Promise<void> {
      await readKnown()
      expect(await writeFeature(service.url, 'unharmed', 'true')).toBe(200)
      expect(await readFeature(service.url, 'unharmed')).toBe('true')
      expect((await this.probe()).prototypes).toEqual(atStart.prototypes)
      const lines = await logToItsEnd(service)
      expect(await service.exited).toEqual({ code: 0, signal: null })
      expect(lines.filter(({ level, err }) => ['error', 'fatal'].includes(String(level)) || err?.code === 'INTERNAL')).toEqual([])
      expect(service.output()).not.toMatch(/\\n\s+at /)
    },
  }
}

/** A UDP port whose datagrams are thrown away, until the test ends. */
async function openDrain(): Promise<number> {
  const drain = createSocket('udp4').bind(0, '127.0.0.1')
  await once(drain, 'listening')
  onTestFinished(() => {
    drain.close()
  })
  return drain.address().port
}

async function tooLate(): Promise<never> {
  await delay(ANSWER_WITHIN_MS, undefined, { ref: false })
  throw new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)
}

async function writeKnown({ url }: ServiceProcess): Promise<KnownRead> {
  await writeFeature(url, KNOWN, 'a true answer')
  const target = `/api/v1/get/item/${KNOWN}/cat`
  const reply = await fetch(url + target)
  expect(reply.status).toBe(200)
  return { target, answer: await reply.text() }
}
