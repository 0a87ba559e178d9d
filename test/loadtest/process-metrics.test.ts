import { describe, expect, it } from 'vitest'

import { metricOf } from '../../loadtest/process-metrics.ts'

const text = `# HELP process_resident_memory_bytes Resident memory.
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 7.3e7
process_resident_memory_bytes_peak 9e7
requests_total{route="list"} 12
`

describe('a number of /metrics', () => {
  it('is read by its whole name', () => {
    expect(metricOf(text, 'process_resident_memory_bytes')).toBe(73_000_000)
  })

  it('is undefined when it is not there, or is no number', () => {
    expect(metricOf(text, 'process_cpu_seconds_total')).toBeUndefined()
    expect(metricOf('<html>', 'process_resident_memory_bytes')).toBeUndefined()
    expect(metricOf('a_number NaN', 'a_number')).toBeUndefined()
  })
})
