// Drives jose: one JSON request a line on standard input, one JSON answer a line on standard output.

import { createInterface } from 'node:readline'
import * as jose from 'jose'

const encode = jose.base64url.encode
const decode = jose.base64url.decode

const UNENCODED = { b64: false, crit: ['b64'] }
const UNPROTECTED = { kid: '2026-01', 'https://example.com/note': [1, null] }
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'priv']

function header({ alg, form }) {
  return form.startsWith('unencoded') ? { alg, ...UNENCODED } : { alg }
}

async function generate({ alg, crv }) {
  const made = alg.startsWith('HS')
    ? await jose.generateSecret(alg, { extractable: true })
    : (await jose.generateKeyPair(alg, { extractable: true, crv })).privateKey
  return { key: await jose.exportJWK(made) }
}

// jose has no such call: a public JWK is the private one without these members.
async function publicHalf({ key }) {
  return { key: Object.fromEntries(Object.entries(key).filter(([name]) => !PRIVATE.includes(name))) }
}

async function sign(request) {
  const key = await jose.importJWK(request.key, request.alg)
  const payload = decode(request.payload)
  if (request.form === 'compact' || request.form === 'detached') {
    const token = await new jose.CompactSign(payload).setProtectedHeader(header(request)).sign(key)
    return { token: request.form === 'compact' ? token : token.replace(/\..*\./, '..') }
  }
  if (request.form === 'general') {
    return { token: await new jose.GeneralSign(payload).addSignature(key).setProtectedHeader(header(request)).sign() }
  }
  const flattened = new jose.FlattenedSign(payload).setProtectedHeader(header(request))
  if (request.form === 'flattened-unprotected') flattened.setUnprotectedHeader(UNPROTECTED)
  const token = await flattened.sign(key)
  // With b64 false jose leaves the payload to the caller.
  if (request.form === 'unencoded') return { token: `${token.protected}..${token.signature}` }
  if (request.form === 'unencoded-flattened') token.payload = new TextDecoder().decode(payload)
  return { token }
}

async function signMany(request) {
  const token = new jose.GeneralSign(decode(request.payload))
  for (const { alg, key } of request.signers) {
    token.addSignature(await jose.importJWK(key, alg)).setProtectedHeader({ alg })
  }
  return { token: await token.sign() }
}

async function verify(request) {
  const key = await jose.importJWK(request.key, request.alg)
  const options = { algorithms: [request.alg] }
  let { token } = request
  if (typeof token === 'string' && request.payload !== undefined) {
    const [protectedHeader, , signature] = token.split('.')
    const payload = request.form === 'unencoded' ? decode(request.payload) : request.payload
    token = { protected: protectedHeader, payload, signature }
  }
  let seen
  if (typeof token === 'string') seen = await jose.compactVerify(token, key, options)
  else if (token.signatures) seen = await jose.generalVerify(token, key, options)
  else seen = await jose.flattenedVerify(token, key, options)
  return { payload: encode(seen.payload) }
}

async function verifyMany({ keys, token }) {
  let seen
  for (const one of keys) seen = await verify({ ...one, token })
  return seen
}

async function thumbprint({ key, hash }) {
  return {
    thumbprint: await jose.calculateJwkThumbprint(key, hash),
    uri: await jose.calculateJwkThumbprintUri(key, hash),
  }
}

async function issue({ alg, key, claims }) {
  const token = new jose.SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT' })
  return { token: await token.sign(await jose.importJWK(key, alg)) }
}

async function validate({ alg, key, token, issuer, audience }) {
  const options = { algorithms: [alg], issuer, audience, requiredClaims: ['exp'] }
  const { payload } = await jose.jwtVerify(token, await jose.importJWK(key, alg), options)
  return { claims: payload }
}

async function toPem({ key, alg, private: wanted }) {
  const half = wanted ? key : (await publicHalf({ key })).key
  const imported = await jose.importJWK(half, alg, { extractable: true })
  return { pem: wanted ? await jose.exportPKCS8(imported) : await jose.exportSPKI(imported) }
}

async function fromPem({ pem, alg }) {
  const read = pem.includes('PRIVATE') ? jose.importPKCS8 : jose.importSPKI
  return { key: await jose.exportJWK(await read(pem, alg, { extractable: true })) }
}

async function makeKey({ kty, crv, size }) {
  if (kty === 'oct') return { key: { kty, k: encode(crypto.getRandomValues(new Uint8Array(size / 8))) } }
  const alg = kty === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES'
  const options = { extractable: true, crv, modulusLength: size }
  return { key: await jose.exportJWK((await jose.generateKeyPair(alg, options)).privateKey) }
}

async function encrypt(request) {
  const { form, alg, enc, zip, cty } = request
  const key = await jose.importJWK(request.key, alg)
  const plaintext = decode(request.plaintext)
  const header = JSON.parse(JSON.stringify({ alg, enc, zip, cty }))
  const parameters = keyManagement(request)
  if (form === 'compact') {
    const token = new jose.CompactEncrypt(plaintext).setProtectedHeader(header)
    if (parameters) token.setKeyManagementParameters(parameters)
    return { token: await token.encrypt(key) }
  }
  if (form === 'general') {
    const token = new jose.GeneralEncrypt(plaintext).setProtectedHeader(header)
    if (request.aad) token.setAdditionalAuthenticatedData(decode(request.aad))
    const recipient = token.addRecipient(key)
    if (parameters) recipient.setKeyManagementParameters(parameters)
    return { token: await token.encrypt() }
  }
  const token = new jose.FlattenedEncrypt(plaintext).setProtectedHeader(header)
  if (request.aad) token.setAdditionalAuthenticatedData(decode(request.aad))
  if (parameters) token.setKeyManagementParameters(parameters)
  return { token: await token.encrypt(key) }
}

// What jose puts into the header by itself.
function keyManagement({ p2c, apu, apv }) {
  const octets = (text) => (text === undefined ? undefined : new TextEncoder().encode(text))
  return p2c || apu || apv ? { p2c, apu: octets(apu), apv: octets(apv) } : undefined
}

async function encryptMany({ recipients, enc, plaintext, aad }) {
  const token = new jose.GeneralEncrypt(decode(plaintext)).setProtectedHeader({ enc })
  if (aad) token.setAdditionalAuthenticatedData(decode(aad))
  for (const { alg, key } of recipients) {
    token.addRecipient(await jose.importJWK(key, alg)).setUnprotectedHeader({ alg })
  }
  return { token: await token.encrypt() }
}

async function decrypt({ alg, enc, key: jwk, token, most_p2c: maxPBES2Count }) {
  const key = await jose.importJWK(jwk, alg)
  const options = { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [enc], maxPBES2Count }
  let seen
  if (typeof token === 'string') seen = await jose.compactDecrypt(token, key, options)
  else if (token.recipients) seen = await jose.generalDecrypt(token, key, options)
  else seen = await jose.flattenedDecrypt(token, key, options)
  return { plaintext: encode(seen.plaintext) }
}

const operations = {
  generate,
  public: publicHalf,
  sign,
  sign_many: signMany,
  verify,
  verify_many: verifyMany,
  thumbprint,
  issue,
  validate,
  to_pem: toPem,
  from_pem: fromPem,
  make_key: makeKey,
  encrypt,
  encrypt_many: encryptMany,
  decrypt,
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  let answer
  try {
    answer = { ok: await operations[request.do](request) }
  } catch (error) {
    answer = { error: `${error.name}: ${error.message}` }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
