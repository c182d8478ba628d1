/** What a client was told of its write of one category; `open`: nothing yet. A delete that was done is `replaced`, too. */
export type Fate = 'open' | 'replaced' | 'failed' | 'unknown'

/** What a write puts in a category's place: its value, or, where it is a delete, nothing. */
export type Outcome = 'value' | 'nothing'

/** One write of one category. Times are turns of one counter: of two events the earlier has the lower. */
export type WriteRecord = { value: number; outcome: Outcome; startedAt: number; endedAt: number; fate: Fate }

/** What a read that was answered truly says of one category. */
export type Sight = { value: number; createdAt: string; updatedAt: string } | 'missing'

/** `by`: the delete that has seen it. */
type ReadRecord = { sight: Sight; startedAt: number; endedAt: number; by?: WriteRecord }
type Found = ReadRecord & { sight: Exclude<Sight, 'missing'> }

export type WriteHistory = ReturnType<typeof createWriteHistory>

/**
 * The model of one category: what all its clients did and were told, against which each read is held. It allows the last
 * acknowledged write, or any that was under way or in doubt since that one began. A delete is a write of nothing, after which
 * a life begins with a created_at of its own.
 */
export function createWriteHistory(nextTurn: () => number) {
  const writes = new Map<number, WriteRecord>()
  const reads: ReadRecord[] = []

  return {
    beginWrite(value: number, outcome: Outcome = 'value'): WriteRecord {
      const write: WriteRecord = { value, outcome, startedAt: nextTurn(), endedAt: Number.POSITIVE_INFINITY, fate: 'open' }
      writes.set(value, write)
      return write
    },
    endWrite(write: WriteRecord, fate: Fate): void {
      write.endedAt = nextTurn()
      write.fate = fate
    },
    /** A delete that has ended says that there was nothing to delete. */
    foundNothing(by: WriteRecord): void {
      reads.push({ sight: 'missing', startedAt: by.startedAt, endedAt: by.endedAt, by })
    },
    /** Whether anything was acknowledged so far. */
    hasTrace: (): boolean => [...writes.values()].some(({ fate }) => fate === 'replaced'),
    beginRead: nextTurn,
    endRead(startedAt: number, sight: Sight): void {
      reads.push({ sight, startedAt, endedAt: nextTurn() })
    },
    /** Every answer that was not true, as sentences. */
    falsehoods(): string[] {
      const found = reads.filter(isFound)
      return [
        ...found.flatMap((read) => faultsOfValue(read, writes)),
        ...found.flatMap((read) => faultsOfTimes(read, found, writes)),
        ...reads.filter((read) => !isFound(read)).flatMap((read) => faultsOfMissing(read, [...writes.values()], found)),
      ]
    },
    /** Everything that happened, for a person who looks into a falsehood. */
    story(): string {
      const events = [
        ...[...writes.values()].map(({ startedAt, endedAt, value, outcome, fate }) => ({
          startedAt,
          text: `${startedAt}-${endedAt} ${outcome === 'value' ? 'write' : 'delete'} ${value}: ${fate}`,
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

/** Over for good before the other began: acknowledged, or undone by the other's being acknowledged. */
function isBefore(earlier: WriteRecord, later: WriteRecord): boolean {
  return earlier.endedAt < later.startedAt
}

function faultsOfValue(read: Found, writes: ReadonlyMap<number, WriteRecord>): string[] {
  const { value } = read.sight
  const write = writes.get(value)
  if (write?.outcome !== 'value' || write.startedAt > read.endedAt) return [`${value} was read and had not been written`]
  if (write.fate === 'failed') return [`${value} was read, and its write was answered as failed`]
  const later = [...writes.values()].find((other) => isSettled(other, read) && isBefore(write, other))
  return later ? [`${value} was read, and ${later.value} had been acknowledged, which began after it had ended`] : []
}

function faultsOfTimes(read: Found, all: readonly Found[], writes: ReadonlyMap<number, WriteRecord>): string[] {
  const { value, createdAt, updatedAt } = read.sight
  return all.flatMap((other) => {
    const { sight, endedAt } = other
    if (sight.updatedAt < updatedAt) return faultsOfLives(other, read, writes)
    if (sight.updatedAt > updatedAt)
      return endedAt < read.startedAt ? [`updated_at went back from ${sight.updatedAt} to ${updatedAt}`] : []
    if (sight.value !== value) return [`${value} and ${sight.value} have one updated_at`]
    return sight.createdAt === createdAt ? [] : [`created_at moved: ${sight.createdAt} and ${createdAt}`]
  })
}

/** Two values are of one life unless a delete can have been between them, and of two when one has been there for certain. */
function faultsOfLives(earlier: Found, later: Found, writes: ReadonlyMap<number, WriteRecord>): string[] {
  const [first, last] = [writes.get(earlier.sight.value), writes.get(later.sight.value)]
  if (!first || !last) return []
  const deletes = [...writes.values()].filter(({ outcome, fate }) => outcome === 'nothing' && fate !== 'failed')
  if (earlier.sight.createdAt !== later.sight.createdAt) {
    const isPossible = deletes.some((one) => one.startedAt < later.endedAt && !(one.fate === 'replaced' && isBefore(one, first)))
    return isPossible ? [] : [`created_at moved: ${earlier.sight.createdAt} and ${later.sight.createdAt}`]
  }
  const between = deletes.find((one) => one.fate === 'replaced' && isBefore(first, one) && isBefore(one, last))
  return between ? [`created_at of ${last.value} is that of ${first.value}, and ${between.value} had deleted it`] : []
}

function faultsOfMissing(read: ReadRecord, writes: readonly WriteRecord[], found: readonly Found[]): string[] {
  if (writes.some((write) => explainsMissing(write, read, writes, found))) return []
  const settled = writes.find((write) => isSettled(write, read) && write.outcome === 'value')
  if (settled) return [`missing was read, and ${settled.value} had been acknowledged`]
  const seen = found.find(({ endedAt }) => endedAt < read.startedAt)
  return seen ? [`missing was read, and ${seen.sight.value} had been read before`] : []
}

/** A delete that can have been the last to change the category before the read. */
function explainsMissing(write: WriteRecord, read: ReadRecord, writes: readonly WriteRecord[], found: readonly Found[]): boolean {
  if (write.outcome === 'value' || write.fate === 'failed' || write.startedAt > read.endedAt || write === read.by) return false
  if (writes.some((other) => isSettled(other, read) && isBefore(write, other) && other.outcome === 'value')) return false
  const isOverBefore = ({ startedAt }: Found) => write.fate === 'replaced' && write.endedAt < startedAt
  return !found.some((seen) => seen.endedAt < read.startedAt && isOverBefore(seen))
}
