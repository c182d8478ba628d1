/** Items that may be settled ahead of one that takes long. */
const MAX_AHEAD = 4096

type Entry<Item, Outcome> = { item: Item; outcome: Outcome | undefined }

/**
 * Keeps items that are settled in any order, and tells of each once all before it are settled. What `onSettled` throws, settling
 * throws; it is then told of the same item again at the next settling.
 */
export function createOrder<Item, Outcome>(onSettled: (item: Item, outcome: Outcome) => void) {
  // Those that were told are gone; the array is cut now and then, as a cut moves what stays.
  const entries: (Entry<Item, Outcome> | undefined)[] = []
  let told = 0

  function tell(): void {
    for (let entry = entries[told]; entry?.outcome !== undefined; entry = entries[told]) {
      onSettled(entry.item, entry.outcome)
      entries[told] = undefined
      told += 1
    }
    if (told < MAX_AHEAD) return
    entries.splice(0, told)
    told = 0
  }

  return {
    hasRoom: () => entries.length - told < MAX_AHEAD,

    /** Adds an item; returns what settles it. */
    add(item: Item): (outcome: Outcome) => void {
      const entry: Entry<Item, Outcome> = { item, outcome: undefined }
      entries.push(entry)
      return (outcome) => {
        entry.outcome = outcome
        tell()
      }
    },
  }
}
