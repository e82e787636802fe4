/** Whether an address of a socket is this machine's own; IPv4 may come dressed as IPv6. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/i.test(address);
}

/** The same for what a `Host` header or the setting HOST names, with or without a port. */
export function isLoopbackHost(host: string): boolean {
  const name = /^(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(host)?.[1] ?? host;
  const bare = name.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || isLoopbackAddress(bare);
}

/** Whether a hub that listens there, and is published there, is for its own machine alone. */
export function isForThisMachine(host: string, publicUrl: string | undefined): boolean {
  if (publicUrl !== undefined && !isLoopbackHost(new URL(publicUrl).host)) return false;
  return isLoopbackHost(host);
}
