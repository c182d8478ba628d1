import { createSocket } from 'node:dgram'
import { METRICS, type SampleName } from './catalog.ts'
import { datagramBytesTo, type StatsDTarget, type Tags } from './statsd.ts'

export type SampleWriter = ReturnType<typeof createSampleWriter>

/** Writes one value of one metric with its tags; `rate`: which share of the values is written. */
export type WriteSample = (value: number, rate: number) => void

const TYPES = { timer: 'ms', histogram: 'h' } as const

// More than the longest value, its type and its rate.
const VALUE_BYTES = 48

/**
 * Writes values one by one, in the same two formats as hot-shots and to the same host. They are the only metrics that each
 * request pays for, and hot-shots formats and escapes every tag for every line: 3 to 7 us of CPU where this takes 0.5 to 1.
 */
export function createSampleWriter({ host, port, prefix, format, onFailure, socketOptions }: StatsDTarget) {
  const socket = createSocket(socketOptions)
  const datagramBytes = datagramBytesTo(host)
  let lines = ''
  let bytes = 0
  let closing: Promise<void> | undefined
  socket.on('error', onFailure)
  socket.unref()

  function flush(onSent = () => {}): void {
    if (lines === '') {
      onSent()
      return
    }
    socket.send(lines, port, host, (error) => {
      if (error) onFailure(error)
      onSent()
    })
    lines = ''
    bytes = 0
  }

  return {
    /** Everything of a line but its value is put together here, once. */
    sampleOf(name: SampleName, tags: Tags): WriteSample {
      const type = TYPES[METRICS[name].type]
      const isTelegraf = format === 'telegraf'
      const list = Object.entries(tags).map((tag) => tag.join(isTelegraf ? '=' : ':'))
      const start = isTelegraf ? [`${prefix}.${name}`, ...list].join() : `${prefix}.${name}`
      const end = isTelegraf || list.length === 0 ? '' : `|#${list.join()}`
      const ownBytes = VALUE_BYTES + Buffer.byteLength(start) + Buffer.byteLength(end)
      return (value, rate) => {
        if (closing) return
        if (bytes + ownBytes > datagramBytes) flush()
        bytes += ownBytes
        const share = rate < 1 ? `|@${rate}` : ''
        lines += `${lines === '' ? '' : '\n'}${start}:${value}|${type}${share}${end}`
      }
    },
    /** Sends what is buffered. */
    flush: () => flush(),
    /** Sends what is buffered and closes the socket; what is written later is dropped. */
    close(): Promise<void> {
      closing ??= new Promise((resolve) => flush(() => socket.close(() => resolve())))
      return closing
    },
  }
}
