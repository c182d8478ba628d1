import { GetItemCommand, UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb'
import type { Entity } from '../../features/feature-record.ts'
import type { Deadline } from '../../request-scope.ts'
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
     * @throws LostWriteError when they do not hold.
     */
    async updateItem(
      { tableType, identifier }: Entity,
      category: string,
      update: ItemUpdate,
      deadline: Deadline,
      attempts: Attempts,
    ): Promise<Item | undefined> {
      const tableName = tableNames[tableType]
      const input = { TableName: tableName, Key: keyFor(tableType, { identifier, category }), ...update }
      const makeCommand = () => new UpdateItemCommand(input)
      const { Attributes: before } = await send(makeCommand, deadline, attempts, { operation: 'UpdateItem', tableName })
      return before
    },

    /** What decides over writes of one category, as it is now. */
    async getState(
      { tableType, identifier }: Entity,
      category: string,
      deadline: Deadline,
      attempts: Attempts,
    ): Promise<StoredState> {
      const tableName = tableNames[tableType]
      const input = { TableName: tableName, Key: keyFor(tableType, { identifier, category }), ConsistentRead: true }
      const { Item: item } = await send(() => new GetItemCommand(input), deadline, attempts, { operation: 'GetItem', tableName })
      return stateOf(item)
    },
  }
}
