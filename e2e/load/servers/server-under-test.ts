import type { DialectName } from '../generator/dialects.ts';
import type { PlannedRoom } from '../generator/plan.ts';

/** A process whose processor time and memory are the server's. */
export interface MeasuredProcess {
  readonly label: string;
  readonly pid: number;
  /** It holds the connections. */
  readonly holdsConnections: boolean;
}

/** A started server with the rooms and people of a load in it. */
export interface ServerUnderTest {
  readonly dialect: DialectName;
  readonly rooms: readonly PlannedRoom[];
  readonly processes: readonly MeasuredProcess[];
  stop(): Promise<void>;
}

/** So many rooms of so many members each; what they talk in is one room for each of them. */
export interface Population {
  readonly rooms: number;
  readonly members: number;
  /** Parley's people are in so many rooms each, always with the same others; 1 unless given. Peers know one. */
  readonly roomsEach?: number;
}

/** What can be measured. */
export interface Candidate {
  readonly name: string;
  /** An acknowledged message is on the disk. */
  readonly durable: boolean;
  start(population: Population): Promise<ServerUnderTest>;
}
