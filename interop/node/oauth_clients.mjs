// Drives openid-client and oauth4webapi: one JSON request a line on standard input, one JSON answer a line on standard
// output. Also publishes the keys of a client, as its `jwks_uri`, and verifies access tokens with jose.

import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

async function generate({ alg, kid }) {
  const { privateKey, publicKey } = await jose.generateKeyPair(alg, { extractable: true })
  const named = async (key) => ({ ...(await jose.exportJWK(key)), kid, alg })
  return { private: await named(privateKey), public: await named(publicKey) }
}

const published = { body: '{"keys":[]}', asked: 0 }

async function publish({ keys }) {
  published.body = JSON.stringify({ keys })
  if (!published.port) {
    const server = createServer((_, response) => {
      published.asked += 1
      response.setHeader('content-type', 'application/jwk-set+json').end(published.body)
    })
    await new Promise((done) => server.listen(0, '127.0.0.1', done))
    published.port = server.address().port
  }
  return { jwks_uri: `http://127.0.0.1:${published.port}/jwks` }
}

async function privateKey({ alg, key }) {
  return { key: await jose.importJWK(key, alg), kid: key.kid }
}

// Counts what is sent to the token endpoint, and keeps the last of it.
function recorder() {
  const record = { assertions: [], nonces: 0, fetch: null }
  record.fetch = async (url, options) => {
    if (options.method === 'POST') {
      const body = new URLSearchParams(options.body)
      record.assertions.push(body.get('client_assertion'))
      record.last = { url: String(url), body: body.toString() }
    }
    const response = await fetch(url, options)
    if (response.headers.has('dpop-nonce')) record.nonces += 1
    return response
  }
  return record
}

function parametersOf({ scope, resource }) {
  const parameters = new URLSearchParams()
  if (scope) parameters.set('scope', scope)
  if (resource) parameters.set('resource', resource)
  return parameters
}

async function withOpenidClient(request, record) {
  const auth = openid.PrivateKeyJwt(await privateKey(request))
  const config = await openid.discovery(new URL(request.issuer), request.client_id, undefined, auth, {
    algorithm: 'oauth2',
    execute: [openid.allowInsecureRequests],
    [openid.customFetch]: record.fetch,
  })
  const pair = request.dpop && (await openid.randomDPoPKeyPair(request.dpop))
  const options = pair && { DPoP: openid.getDPoPHandle(config, pair) }
  const granted = await openid.clientCredentialsGrant(config, parametersOf(request), options)
  return { granted, pair, metadata: config.serverMetadata() }
}

async function withOauth4webapi(request, record) {
  const insecure = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: record.fetch }
  const issuer = new URL(request.issuer)
  const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  const metadata = await oauth.processDiscoveryResponse(issuer, found)
  const client = { client_id: request.client_id }
  const auth = oauth.PrivateKeyJwt(await privateKey(request))
  const pair = request.dpop && (await oauth.generateKeyPair(request.dpop, { extractable: true }))
  const options = { ...insecure, ...(pair && { DPoP: oauth.DPoP(client, pair) }) }
  const parameters = parametersOf(request)
  if (request.assertion) parameters.set('assertion', request.assertion)
  const ask = async () => {
    if (request.assertion) {
      const answer = await oauth.genericTokenEndpointRequest(metadata, client, auth, JWT_BEARER, parameters, options)
      return oauth.processGenericTokenEndpointResponse(metadata, client, answer)
    }
    const answer = await oauth.clientCredentialsGrantRequest(metadata, client, auth, parameters, options)
    return oauth.processClientCredentialsResponse(metadata, client, answer)
  }
  const granted = await ask().catch((error) => {
    // The nonce is in the handle by now; the assertion of the second request is a new one.
    if (pair && oauth.isDPoPNonceError(error)) return ask()
    throw error
  })
  return { granted, pair, metadata }
}

const libraries = { 'openid-client': withOpenidClient, oauth4webapi: withOauth4webapi }

async function grant(request) {
  const record = recorder()
  const { granted, pair, metadata } = await libraries[request.library](request, record)
  const jkt = pair && (await jose.calculateJwkThumbprint(await jose.exportJWK(pair.publicKey)))
  const { assertions, nonces, last } = record
  return { granted: { ...granted }, metadata, jkt, requests: assertions.length, different: new Set(assertions).size, nonces, last }
}

// The same request once more, as somebody sends it who has seen it.
async function replay({ last }) {
  const response = await fetch(last.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: last.body,
  })
  return { status: response.status, body: await response.json() }
}

// As an API verifies that was told the issuer alone.
async function verify({ token, issuer, jwks_uri, audience }) {
  const keys = jose.createRemoteJWKSet(new URL(jwks_uri))
  const verified = await jose.jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt', requiredClaims: ['jti', 'client_id', 'sub', 'iat', 'exp'] })
  return { claims: verified.payload, header: verified.protectedHeader }
}

// What an issuer says of somebody (RFC 7523).
async function vouch({ alg, key, issuer, subject, audience }) {
  const token = new jose.SignJWT({}).setProtectedHeader({ alg, kid: key.kid })
  token.setIssuer(issuer).setSubject(subject).setAudience(audience).setIssuedAt().setExpirationTime('2m').setJti(crypto.randomUUID())
  return { token: await token.sign(await jose.importJWK(key, alg)) }
}

const operations = { generate, publish, grant, replay, verify, vouch }

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  let answer
  try {
    answer = { ok: await operations[request.do](request) }
  } catch (error) {
    const told = [error.error, error.status, error.error_description].filter(Boolean).join(' ')
    answer = { error: `${error.name}: ${told || error.message}` }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
process.exit(0)
