import { MemoryBus, type Bus } from '@parley/bus';
import { acceleratedClock } from '@parley/testing';
import { startGatewayOver, type GatewayPorts, type RunningGateway, type Services } from '../../harness/in-process.ts';
import { FaultyBus, type BusFaults } from './faulty-bus.ts';
import { seededRandom } from './seeded-random.ts';
import { GATEWAYS } from './steps.ts';

/** By how much the gateways' and the clients' waiting is shorter: their check comes every 0.6 s. */
export const ACCELERATION = 50;

const FAULTS: BusFaults = { loss: 0.1, repetition: 0.1, delay: 0.1 };

export interface SystemOptions {
  readonly startServices: (bus: Bus) => Promise<Services>;
  readonly faults?: BusFaults;
  /** What is between a gateway and the things it works with. */
  readonly tamper?: (ports: GatewayPorts) => GatewayPorts;
}

/** Two gateways over the same services, each with its own faulty end of one bus. */
export class System {
  readonly services: Services;
  readonly buses: readonly FaultyBus[];
  readonly #gateways: readonly RunningGateway[];
  readonly #witness: RunningGateway;

  private constructor(parts: {
    services: Services;
    buses: readonly FaultyBus[];
    gateways: readonly RunningGateway[];
    witness: RunningGateway;
  }) {
    this.services = parts.services;
    this.buses = parts.buses;
    this.#gateways = parts.gateways;
    this.#witness = parts.witness;
  }

  static async start({ startServices, faults = FAULTS, tamper = (ports) => ports }: SystemOptions): Promise<System> {
    const bus = new MemoryBus();
    const services = await startServices(bus);
    const buses = Array.from({ length: GATEWAYS }, (_, index) => new FaultyBus(bus, faults, seededRandom(index)));
    const portsOf = (index: number, end: Bus): GatewayPorts => ({
      rooms: services.rooms,
      messages: services.messages[index] ?? services.messages[0],
      attachments: services.attachments,
      bus: end,
      clock: acceleratedClock(ACCELERATION),
    });
    const gateways = buses.map((end, index) => startGatewayOver(tamper(portsOf(index, end))));
    const witness = startGatewayOver(portsOf(0, bus));
    return new System({ services, buses, gateways: await Promise.all(gateways), witness: await witness });
  }

  get urls(): string[] {
    return this.#gateways.map(({ url }) => url);
  }

  /** Of a gateway that nothing is wrong with, so that asking repairs nothing at the others. */
  get witnessUrl(): string {
    return this.#witness.url;
  }

  async close(): Promise<void> {
    await Promise.all([this.#witness, ...this.#gateways].map((gateway) => gateway.close()));
    await this.services.close();
  }
}
