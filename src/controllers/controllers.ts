import type { FeatureCrud } from '../dynamodb/feature-crud.ts'
import { createFeatureEraser, type FeatureEraser } from './delete-features.ts'
import { type MeasureOptions, measureEraser, measureReader, measureWriter } from './measure-operations.ts'
import { createFeatureReader, type FeatureReader } from './read-features.ts'
import { createFeatureWriter, type FeatureWriter } from './write-features.ts'

/** What all endpoints do. */
export type Controllers = { reader: FeatureReader; writer: FeatureWriter; eraser: FeatureEraser }

export function createControllers(crud: FeatureCrud): Controllers {
  return { reader: createFeatureReader(crud), writer: createFeatureWriter(crud), eraser: createFeatureEraser(crud) }
}

/** The same, timed and counted. */
export function measureControllers({ reader, writer, eraser }: Controllers, options: MeasureOptions): Controllers {
  return {
    reader: measureReader(reader, options),
    writer: measureWriter(writer, options),
    eraser: measureEraser(eraser, options),
  }
}
