/** The public door of Parley. */
export { GatewayModule, type GatewayModuleOptions } from './gateway.module.ts';
export { startDoor, type Door, type DoorOptions } from './start-door.ts';
export { startGateway, type GatewayProcess } from './start-gateway.ts';
