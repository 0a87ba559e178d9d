import { describe, expect, it } from 'vitest'

import { generatorCoresBusy, isGeneratorFull } from '../../../loadtest/runner/generator.ts'
import { generatorUsing } from './generator-using.ts'

describe('the cores of the generator', () => {
  it('count a late sample over the time it covers', () => {
    const late = { ...generatorUsing([0.5, 1, 0.5]), atMs: [1000, 3000, 4000] }

    expect(generatorCoresBusy({ parts: [late], startedMs: 0 })).toEqual({ mean: 0.5, peak: 0.5 })
  })

  it('count from the beginning of the load, not the start of k6 with its virtual users', () => {
    const parts = [generatorUsing([1, 1, 0.2, 0.4])]
    const startedMs = 1500

    expect(generatorCoresBusy({ parts, startedMs }).peak).toBe(0.4)
    expect(isGeneratorFull({ parts, startedMs, generatorCores: 1 })).toBe(false)
    expect(isGeneratorFull({ parts, startedMs: 1000, generatorCores: 1 })).toBe(true)
  })

  it('are 0 when it was not followed', () => {
    expect(generatorCoresBusy({ parts: [], startedMs: 0 })).toEqual({ mean: 0, peak: 0 })
  })
})
