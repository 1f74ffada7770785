import { growthScenario } from './growth.ts';
import { historyScenario } from './history.ts';
import { idleScenario } from './idle.ts';
import { largeRoomScenario } from './large-room.ts';
import { loginScenario } from './login.ts';
import { presenceScenario } from './presence.ts';
import { roomsScenario } from './rooms.ts';
import { saturationScenario } from './saturation.ts';
import type { Scenario } from './scenario.ts';
import { smallRoomsScenario } from './small-rooms.ts';
import { storedScenario } from './stored.ts';
import { stormScenario } from './storm.ts';

/** In the order of the page. */
export const SCENARIOS: readonly Scenario[] = [
  roomsScenario(16),
  roomsScenario(4),
  roomsScenario(1),
  saturationScenario,
  largeRoomScenario,
  smallRoomsScenario,
  storedScenario,
  idleScenario,
  growthScenario,
  stormScenario,
  presenceScenario,
  historyScenario,
  loginScenario,
];

/** Of the page: what client.ts measures comes last. */
export const SECTION_ORDER: readonly string[] = [...SCENARIOS.map(({ name }) => name), 'client'];
