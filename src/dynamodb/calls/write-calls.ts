import { StoreError } from '../../errors.ts'
import type { Entity } from '../../features/feature-record.ts'
import type { Deadline } from '../../request-scope.ts'
import type { Item } from '../items/attribute.ts'
import { isAt, requireAt } from '../items/item-key.ts'
import { type StoredState, stateOf } from '../items/stored-state.ts'
import { type CallContext, keyJson } from './call-context.ts'
import type { Progress } from './progress.ts'

/** An UpdateItem but for its table and key, as members of JSON: Amazon DynamoDB API Reference, UpdateItem. */
export type ItemUpdate = string

/** Writing of one category. */
export function createWriteCalls({ send, tableNames }: CallContext) {
  return {
    /**
     * Changes one category where the update's conditions hold; returns the item before, where the update asks for it.
     * `makeUpdate` is asked when the call has its turn, so that the update's time is that of its sending.
     * @throws LostWriteError when they do not hold.
     */
    async updateItem(
      entity: Entity,
      category: string,
      makeUpdate: () => ItemUpdate,
      deadline: Deadline,
      progress: Progress,
    ): Promise<Item | undefined> {
      const { tableType, identifier } = entity
      const tableName = tableNames[tableType]
      const where = `{"TableName":${JSON.stringify(tableName)},"Key":${keyJson(tableType, { identifier, category })},`
      const makeBody = () => `${where}${makeUpdate()}}`
      const reply = await send({ operation: 'UpdateItem', tableName, makeBody }, deadline, progress)
      const before = (reply.Attributes ?? undefined) as Item | undefined
      if (before === undefined || isAt(before, entity, category)) return before
      throw new StoreError('STORE_UNAVAILABLE', 'The store gave a reply that is no answer.', { mayHaveApplied: true })
    },

    /** What decides over writes of one category, as it is now. */
    async getState(entity: Entity, category: string, deadline: Deadline, progress: Progress): Promise<StoredState> {
      const { tableType, identifier } = entity
      const tableName = tableNames[tableType]
      const where = `"TableName":${JSON.stringify(tableName)},"Key":${keyJson(tableType, { identifier, category })}`
      const makeBody = () => `{${where},"ConsistentRead":true}`
      const { Item: item } = await send({ operation: 'GetItem', tableName, makeBody }, deadline, progress)
      return stateOf(requireAt(item as Item | undefined, entity, category))
    },
  }
}
