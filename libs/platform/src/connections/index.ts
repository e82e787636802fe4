export * from './connections.controller.js';
export * from './connections.js';
export * from './connections.module.js';
export * from './hub-identity.js';
