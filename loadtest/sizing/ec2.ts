/** Where and when the prices were true; edit them together. */
export const priced = {
  region: 'us-east-1',
  on: '2026-11-22',
  terms: 'Linux, on demand',
  /** Traffic to the internet, for the first 10 TB of a month. */
  dollarsPerGbOut: 0.09,
}

/** An EC2 type: what it sustains, not what it bursts to. */
export interface MachineType {
  readonly name: string
  readonly cpus: number
  /** Of each vCPU, without end: burstable types earn credits for a tenth or a fifth. */
  readonly baseline: number
  readonly memoryGib: number
  /** Gigabits a second, without end. */
  readonly networkGbps: number
  readonly dollarsPerHour: number
}

export const machineTypes: readonly MachineType[] = [
  type('t4g.micro', 2, 0.1, 1, 0.064, 0.0084),
  type('t4g.small', 2, 0.2, 2, 0.128, 0.0168),
  type('t4g.medium', 2, 0.2, 4, 0.256, 0.0336),
  type('t3.small', 2, 0.2, 2, 0.128, 0.0208),
  type('c7g.medium', 1, 1, 2, 0.52, 0.0363),
  type('c7g.large', 2, 1, 4, 0.937, 0.0725),
  type('c7g.xlarge', 4, 1, 8, 1.876, 0.145),
  type('m7g.large', 2, 1, 8, 0.937, 0.0816),
  type('c7i.large', 2, 1, 4, 0.781, 0.08925),
  type('r7g.large', 2, 1, 16, 0.937, 0.1071),
]

function type(
  name: string,
  cpus: number,
  baseline: number,
  memoryGib: number,
  networkGbps: number,
  dollarsPerHour: number,
): MachineType {
  return { name, cpus, baseline, memoryGib, networkGbps, dollarsPerHour }
}
