import { createWriteHistory, type Fate, type Sight, type WriteHistory } from './write-history.ts'

export const CATEGORIES = ['a', 'b', 'c'] as const
export type Category = (typeof CATEGORIES)[number]

/** What is written of one value: a read must show all of it and nothing else. */
export function dataOf(value: number): Record<string, unknown> {
  return { value, [`only-${value}`]: [value] }
}

export type StoreModel = ReturnType<typeof createStoreModel>

/** The model of everything stored: a history for each category of each entity, and complaints about answers of any kind. */
export function createStoreModel() {
  const histories = new Map<string, WriteHistory>()
  const complaints: string[] = []
  let turn = 0
  let values = 0

  function historyOf(entity: number, category: string): WriteHistory {
    const cell = `${entity}/${category}`
    const history =
      histories.get(cell) ??
      createWriteHistory(() => {
        turn += 1
        return turn
      })
    histories.set(cell, history)
    return history
  }

  return {
    /** Notes that categories are about to be written, each with a value of its own; `end` takes what the client was told. */
    beginWrite(entity: number, categories: readonly Category[]) {
      const writes = categories.map((category) => {
        values += 1
        const history = historyOf(entity, category)
        return { category, value: values, history, write: history.beginWrite(values) }
      })
      return {
        body: Object.fromEntries(writes.map(({ category, value }) => [category, dataOf(value)])),
        end(fateOf: (category: Category) => Fate): void {
          for (const { category, history, write } of writes) history.endWrite(write, fateOf(category))
        },
      }
    },
    /**
     * Notes that one category of an entity, or all of them, are about to be deleted; `end` takes what the client was told,
     * with the number of those that were there.
     */
    beginDelete(entity: number, category: Category | 'all') {
      const deletes = (category === 'all' ? CATEGORIES : [category]).map((name) => {
        values += 1
        const history = historyOf(entity, name)
        // Where there is nothing, a delete of all leaves nothing either, which would stop a write in doubt that comes late.
        const isStopped = category !== 'all' || history.hasTrace()
        return { category: name, history, isStopped, write: history.beginWrite(values, 'nothing') }
      })
      return {
        end(fateOf: (category: Category) => Fate, deleted?: number): void {
          for (const { category, history, isStopped, write } of deletes) {
            const fate = fateOf(category)
            history.endWrite(write, fate === 'replaced' && !isStopped ? 'unknown' : fate)
            if (deleted === 0) history.foundNothing(write)
          }
        },
      }
    },
    /** Notes that categories are about to be read; `end` takes what was seen of each, and is not called without an answer. */
    beginRead(entity: number, categories: readonly Category[]) {
      const begun = categories.map((category) => ({ category, startedAt: historyOf(entity, category).beginRead() }))
      return {
        end(sightOf: (category: Category) => Sight): void {
          for (const { category, startedAt } of begun) historyOf(entity, category).endRead(startedAt, sightOf(category))
        },
      }
    },
    complain(text: string): void {
      complaints.push(text)
    },
    /** Throws when any answer so far was not true. */
    requireTruth(): void {
      const falsehoods = [...histories].flatMap(([cell, history]) => {
        const found = history.falsehoods()
        return found.length > 0 ? [`${cell}: ${[...new Set(found)].join('; ')}\n${history.story()}`] : []
      })
      if (complaints.length + falsehoods.length > 0) throw new Error([...complaints, ...falsehoods].join('\n'))
    },
  }
}
