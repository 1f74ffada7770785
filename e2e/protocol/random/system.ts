import { MemoryBus, type Bus } from '@parley/bus';
import { hastyClock } from '../../harness/hasty-clock.ts';
import { startGatewayOver, type GatewayPorts, type RunningGateway, type Services } from '../../harness/in-process.ts';
import { FaultyBus, type BusFaults } from './faulty-bus.ts';
import { seededRandom } from './seeded-random.ts';
import { GATEWAYS } from './steps.ts';

/** By how much the gateways' and the clients' waiting is shorter: their check comes every 0.6 s. */
export const HASTE = 50;

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

  private constructor(services: Services, buses: readonly FaultyBus[], gateways: readonly RunningGateway[]) {
    this.services = services;
    this.buses = buses;
    this.#gateways = gateways;
  }

  static async start({ startServices, faults = FAULTS, tamper = (ports) => ports }: SystemOptions): Promise<System> {
    const bus = new MemoryBus();
    const services = await startServices(bus);
    const buses = Array.from({ length: GATEWAYS }, (_, index) => new FaultyBus(bus, faults, seededRandom(index)));
    const gateways = buses.map((end, index) => {
      const messages = services.messages[index] ?? services.messages[0];
      const { rooms, attachments } = services;
      return startGatewayOver(tamper({ rooms, messages, attachments, bus: end, clock: hastyClock(HASTE) }));
    });
    return new System(services, buses, await Promise.all(gateways));
  }

  get urls(): string[] {
    return this.#gateways.map(({ url }) => url);
  }

  async close(): Promise<void> {
    await Promise.all(this.#gateways.map((gateway) => gateway.close()));
    await this.services.close();
  }
}
