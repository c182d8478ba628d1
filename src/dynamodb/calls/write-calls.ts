import { GetItemCommand, UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb'
import { StoreError } from '../../errors.ts'
import type { Entity } from '../../features/feature-record.ts'
import type { Deadline } from '../../request-scope.ts'
import { isAt, requireAt } from '../items/item-codec.ts'
import { type Item, type StoredState, stateOf } from '../items/stored-state.ts'
import { type CallContext, keyFor } from './call-context.ts'
import type { Attempts } from './send.ts'

/** An UpdateItem but for its table and key. */
export type ItemUpdate = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>

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
      attempts: Attempts,
    ): Promise<Item | undefined> {
      const { tableType, identifier } = entity
      const tableName = tableNames[tableType]
      const where = { TableName: tableName, Key: keyFor(tableType, { identifier, category }) }
      const makeCommand = () => new UpdateItemCommand({ ...where, ...makeUpdate() })
      const { Attributes: before } = await send(makeCommand, deadline, attempts, { operation: 'UpdateItem', tableName })
      if (before === undefined || isAt(before, entity, category)) return before
      throw new StoreError('STORE_UNAVAILABLE', 'The store gave a reply that is no answer.', { mayHaveApplied: true })
    },

    /** What decides over writes of one category, as it is now. */
    async getState(entity: Entity, category: string, deadline: Deadline, attempts: Attempts): Promise<StoredState> {
      const { tableType, identifier } = entity
      const tableName = tableNames[tableType]
      const input = { TableName: tableName, Key: keyFor(tableType, { identifier, category }), ConsistentRead: true }
      const { Item: item } = await send(() => new GetItemCommand(input), deadline, attempts, { operation: 'GetItem', tableName })
      return stateOf(requireAt(item, entity, category))
    },
  }
}
