import type { FeatureCrud } from '../dynamodb/feature-crud.ts'
import type { Entity, ItemKey } from '../features/feature-record.ts'
import type { RequestScope } from '../request-scope.ts'
import { byCategory, writeSideBySide } from './write-side-by-side.ts'

export type FeatureEraser = ReturnType<typeof createFeatureEraser>

export type DeleteEntityRequest = Entity & { scope: RequestScope }
export type DeleteCategoryRequest = DeleteEntityRequest & { category: string }

/** Deleting features. */
export function createFeatureEraser(crud: Pick<FeatureCrud, 'deleteCategory' | 'listCategories'>) {
  /** Deletes categories side by side; returns how many were there. */
  async function deleteAll(tableType: Entity['tableType'], writes: readonly ItemKey[], scope: RequestScope): Promise<number> {
    let deleted = 0
    await writeSideBySide({
      writes,
      done: 'deleted',
      scope,
      show: byCategory,
      async perform({ identifier, category }) {
        if (await crud.deleteCategory({ tableType, identifier }, category, scope)) deleted += 1
      },
      success: () => ({ status: 'deleted' }) as const,
    })
    return deleted
  }

  return {
    /**
     * Deletes one category; 0 where it was not there.
     * @throws WriteError when it was not deleted for certain.
     */
    async deleteCategory({ tableType, identifier, category, scope }: DeleteCategoryRequest) {
      return { deleted: await deleteAll(tableType, [{ identifier, category }], scope) }
    },

    /**
     * Deletes all categories of an entity; what has expired is deleted, too, and not counted.
     * @throws StoreError before anything is deleted when they cannot be found out; WriteError with each category's fate when
     * any was not deleted for certain.
     */
    async deleteEntity({ tableType, identifier, scope }: DeleteEntityRequest) {
      const categories = await crud.listCategories({ tableType, identifier }, scope)
      const writes = categories.map((category) => ({ identifier, category }))
      return { deleted: await deleteAll(tableType, writes, scope) }
    },
  }
}
