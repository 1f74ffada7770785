/** The room log: messages and changes of membership, kept in one order. */
export { MessageModule } from './message.module.ts';
export { messageMigrations } from './migrations.ts';
