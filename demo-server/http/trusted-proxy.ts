import { BlockList, isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { Refusal } from '../services/refusal.ts';

/** Only the proxy that ends TLS, and this machine itself, may speak plain HTTP to us. */
export function requireProxy(address: string): RequestHandler {
  const welcome = new BlockList();
  welcome.addAddress(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  welcome.addSubnet('127.0.0.0', 8, 'ipv4');
  welcome.addAddress('::1', 'ipv6');
  return (req, _res, next) => {
    // There is none once the other side has hung up.
    const { remoteAddress } = req.socket;
    const isWelcome =
      remoteAddress !== undefined &&
      welcome.check(remoteAddress, isIP(remoteAddress) === 6 ? 'ipv6' : 'ipv4');
    next(isWelcome ? undefined : new Refusal('forbidden'));
  };
}
