// An authorization server that knows the clients it is told of, for one run of the suite.
//
// It prints one line of JSON when it listens, and ends when its standard input does. What it is to be is in the
// environment: NONCE=1 has it demand DPoP nonces, AT_ALG is what access tokens are signed with, and PACE and SINCE (in
// milliseconds) make its clock run faster than the machine's, so that an hour of cached keys need not last an hour.

import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import { once } from 'node:events';

const pace = Number(process.env.PACE ?? 1);
const since = Number(process.env.SINCE ?? 0);
const clock = Date.now;
Date.now = () => Math.floor(since + (clock() - since) * pace);

const { default: Provider, errors } = await import('oidc-provider');

const alg = process.env.AT_ALG ?? 'ES256';
const makers = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES512: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  Ed25519: () => generateKeyPairSync('ed25519'),
};
const jwk = (name) => ({
  ...makers[name]().privateKey.export({ format: 'jwk' }), alg: name, use: 'sig', kid: `as-${name}`,
});
// The server wants a key for identity tokens, too, which nobody asks for here.
const names = new Set([alg, 'RS256']);

const clients = new Map();
const held = new Map();

class Adapter {
  constructor(model) { this.model = model; }
  name(id) { return `${this.model}:${id}`; }
  async upsert(id, payload) { held.set(this.name(id), payload); }
  async find(id) { return this.model === 'Client' ? clients.get(id) : held.get(this.name(id)); }
  async findByUid() {}
  async findByUserCode() {}
  async destroy(id) { held.delete(this.name(id)); }
  async revokeByGrantId() {}
  async consume(id) { const found = held.get(this.name(id)); if (found) found.consumed = Math.floor(Date.now() / 1000); }
}

const algorithms = ['ES256', 'ES384', 'ES512', 'PS256', 'RS256', 'Ed25519', 'EdDSA'];
const resources = { 'https://api.example.com': 'invoices:read invoices:write' };

const server = http.createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  adapter: Adapter,
  jwks: { keys: [...names].map(jwk) },
  clientAuthMethods: ['private_key_jwt'],
  enabledJWA: { clientAuthSigningAlgValues: algorithms, dPoPSigningAlgValues: algorithms },
  // `admin` is a scope that no client of ours is registered for.
  scopes: ['invoices:read', 'invoices:write', 'admin'],
  ttl: { ClientCredentials: 600 },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: {
      enabled: true,
      nonceSecret: Buffer.alloc(32, 7),
      requireNonce: () => process.env.NONCE === '1',
    },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => {
        if (!(resource in resources)) throw new errors.InvalidTarget();
        return {
          audience: resource,
          scope: resources[resource],
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg } },
        };
      },
    },
  },
  // It would not connect to this machine: whoever registers a client could otherwise reach what listens here.
  fetch: (url, options) => {
    delete options.dispatcher;
    return fetch(url, options);
  },
});
provider.on('server_error', (_, error) => console.error(error));

const answer = provider.callback();
server.on('request', async (request, response) => {
  if (request.method !== 'POST' || request.url !== '/clients') return answer(request, response);
  let body = '';
  for await (const chunk of request) body += chunk;
  const client = JSON.parse(body);
  clients.set(client.client_id, {
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'private_key_jwt',
    scope: 'invoices:read invoices:write',
    ...client,
  });
  response.writeHead(204).end();
});

console.log(JSON.stringify({ issuer }));
process.stdin.resume().on('end', () => process.exit(0));
