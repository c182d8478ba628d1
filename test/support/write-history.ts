/** What a client was told of its write of one category; `open`: nothing yet. */
export type Fate = 'open' | 'replaced' | 'failed' | 'unknown'

/** One write of one category. Times are turns of one counter: of two events the earlier has the lower. */
export type WriteRecord = { value: number; startedAt: number; endedAt: number; fate: Fate }

/** What a read that was answered truly says of one category. */
export type Sight = { value: number; createdAt: string; updatedAt: string } | 'missing'

type ReadRecord = { sight: Sight; startedAt: number; endedAt: number }
type Found = ReadRecord & { sight: Exclude<Sight, 'missing'> }

export type WriteHistory = ReturnType<typeof createWriteHistory>

/**
 * The model of one category: what all its clients did and were told, against which each read is held. It allows the last
 * acknowledged write, or any that was under way or in doubt since that one began.
 */
export function createWriteHistory(nextTurn: () => number) {
  const writes = new Map<number, WriteRecord>()
  const reads: ReadRecord[] = []

  return {
    beginWrite(value: number): WriteRecord {
      const write: WriteRecord = { value, startedAt: nextTurn(), endedAt: Number.POSITIVE_INFINITY, fate: 'open' }
      writes.set(value, write)
      return write
    },
    endWrite(write: WriteRecord, fate: Fate): void {
      write.endedAt = nextTurn()
      write.fate = fate
    },
    beginRead: nextTurn,
    endRead(startedAt: number, sight: Sight): void {
      reads.push({ sight, startedAt, endedAt: nextTurn() })
    },
    /** Every answer that was not true, as sentences. */
    falsehoods(): string[] {
      const found = reads.filter(isFound)
      return [
        ...found.flatMap((read) => faultsOfValue(read, writes)),
        ...found.flatMap((read) => faultsOfTimes(read, found)),
        ...reads.filter((read) => !isFound(read)).flatMap((read) => faultsOfMissing(read, [...writes.values()], found)),
      ]
    },
    /** Everything that happened, for a person who looks into a falsehood. */
    story(): string {
      const events = [
        ...[...writes.values()].map(({ startedAt, endedAt, value, fate }) => ({
          startedAt,
          text: `${startedAt}-${endedAt} write ${value}: ${fate}`,
        })),
        ...reads.map(({ startedAt, endedAt, sight }) => ({
          startedAt,
          text: `${startedAt}-${endedAt} read: ${JSON.stringify(sight)}`,
        })),
      ]
      return events
        .toSorted((a, b) => a.startedAt - b.startedAt)
        .map(({ text }) => text)
        .join('\n')
    },
  }
}

function isFound(read: ReadRecord): read is Found {
  return read.sight !== 'missing'
}

/** Acknowledged before the read began. */
function isSettled({ fate, endedAt }: WriteRecord, { startedAt }: ReadRecord): boolean {
  return fate === 'replaced' && endedAt < startedAt
}

function faultsOfValue(read: Found, writes: ReadonlyMap<number, WriteRecord>): string[] {
  const { value } = read.sight
  const write = writes.get(value)
  if (!write || write.startedAt > read.endedAt) return [`${value} was read and had not been written`]
  if (write.fate === 'failed') return [`${value} was read, and its write was answered as failed`]
  const later = [...writes.values()].find((other) => isSettled(other, read) && write.endedAt < other.startedAt)
  return later ? [`${value} was read, and ${later.value} had been acknowledged, which began after it had ended`] : []
}

function faultsOfTimes(read: Found, all: readonly Found[]): string[] {
  const { value, createdAt, updatedAt } = read.sight
  return all.flatMap(({ sight, endedAt }) => {
    if (sight.createdAt !== createdAt) return [`created_at moved: ${createdAt} and ${sight.createdAt}`]
    if (sight.updatedAt === updatedAt && sight.value !== value) return [`${value} and ${sight.value} have one updated_at`]
    return endedAt < read.startedAt && sight.updatedAt > updatedAt
      ? [`updated_at went back from ${sight.updatedAt} to ${updatedAt}`]
      : []
  })
}

function faultsOfMissing(read: ReadRecord, writes: readonly WriteRecord[], found: readonly Found[]): string[] {
  const settled = writes.find((write) => isSettled(write, read))
  if (settled) return [`missing was read, and ${settled.value} had been acknowledged`]
  const seen = found.find(({ endedAt }) => endedAt < read.startedAt)
  return seen ? [`missing was read, and ${seen.sight.value} had been read before`] : []
}
