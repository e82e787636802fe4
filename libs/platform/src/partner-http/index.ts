export * from './partner-http.js';
