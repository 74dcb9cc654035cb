import {DatabaseError} from '../../model/errors.js'
import {type AdvisoryDatabase, openDatabase} from '../database.js'
import type {Generations} from './generations.js'

/**
 * The newer of the cache and what ships; of two alike that of the cache, which somebody asked for.
 * @param thorough read all of the cache's, not only how long its files are
 */
export function usableDatabase(generations: Generations, shipped: string, thorough = false): AdvisoryDatabase | null {
  const own = openUsable(shipped)
  const cached = openUsable(generations.usable(thorough)?.folder ?? null)
  return cached !== null && (own === null || cached.date >= own.date) ? cached : own
}

/** The database in a folder; null where it is none, or damaged. */
export function openUsable(folder: string | null): AdvisoryDatabase | null {
  try {
    return folder === null ? null : openDatabase(folder)
  } catch (error) {
    if (error instanceof DatabaseError) return null
    throw error
  }
}
