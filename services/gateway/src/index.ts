/** The part of Parley that browsers connect to. */
export { GatewayModule, type GatewayModuleOptions } from './gateway.module.ts';
export { startPublicServer, type PublicServer, type PublicServerOptions } from './public-server.ts';
