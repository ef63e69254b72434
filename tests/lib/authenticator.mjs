// An authenticator and the browser around it, in software: makes passkeys and answers challenges as WebAuthn writes them, and
// also wrongly, as tests wish.
//
//   const device = newAuthenticator({ origin: 'https://edulab.example' });
//   const fields = device.make(options);            // what the form sends: { cle, client, donnees }
//   const answer = device.answer(options);          // { cle, client, donnees, signature, personne }
//   device.answer(options, { origin: 'https://evil.example' })   // the same with something wrong
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const base64 = (bytes) => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();

export const flags = { present: 1, verified: 4, maySync: 8, synced: 16, key: 64 };

// CBOR of a map of small integers to integers or bytes: all that a COSE key is.
function cbor(pairs) {
    const head = (major, n) => (n < 24 ? [major << 5 | n] : n < 256 ? [major << 5 | 24, n] : [major << 5 | 25, n >> 8, n & 255]);
    const integer = (n) => (n < 0 ? head(1, -1 - n) : head(0, n));
    const parts = pairs.map(([key, value]) => Buffer.concat([Buffer.from(integer(key)),
        Buffer.isBuffer(value) ? Buffer.concat([Buffer.from(head(2, value.length)), value]) : Buffer.from(integer(value))]));
    return Buffer.concat([Buffer.from(head(5, pairs.length)), ...parts]);
}

const pair = {
    ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: () => generateKeyPairSync('ed25519'),
    RS256: (bits) => generateKeyPairSync('rsa', { modulusLength: bits }),
};
const coseOf = {
    ES256: ({ x, y }) => [[1, 2], [3, -7], [-1, 1], [-2, x], [-3, y]],
    EdDSA: ({ x }) => [[1, 1], [3, -8], [-1, 6], [-2, x]],
    RS256: ({ n, e }) => [[1, 3], [3, -257], [-1, n], [-2, e]],
};

// A key pair with its COSE form.
export function newKey(algorithm, bits = 2048) {
    const { privateKey, publicKey } = pair[algorithm](bits);
    const parts = Object.fromEntries(Object.entries(publicKey.export({ format: 'jwk' })).map(([name, value]) => [name, Buffer.from(value, 'base64url')]));
    return { algorithm, privateKey, cose: cbor(coseOf[algorithm](parts)) };
}

export function newAuthenticator({ origin, algorithm = 'ES256', counts = false, synced = false }) {
    const rpId = new URL(origin).hostname;
    const device = { algorithm, credential: randomBytes(32), key: newKey(algorithm), count: 0, handle: undefined };
    const usual = flags.present | flags.verified | (synced ? flags.maySync | flags.synced : 0);
    const clientData = (type, challenge, wrong) => Buffer.from(wrong.client ?? JSON.stringify({ type: wrong.type ?? type,
        challenge: wrong.challenge ?? challenge, origin: wrong.origin ?? origin, crossOrigin: wrong.crossOrigin ?? false }));
    function head(wrong, more = 0) {
        const bytes = Buffer.alloc(37);
        sha256(wrong.rpId ?? rpId).copy(bytes);
        bytes[32] = (wrong.flags ?? usual) | more;
        bytes.writeUInt32BE(wrong.count ?? device.count, 33);
        return bytes;
    }
    device.make = (options, wrong = {}) => {
        if (counts) device.count++;
        device.handle = options.user.id;
        const id = wrong.credential ?? device.credential;
        const length = Buffer.alloc(2);
        length.writeUInt16BE(wrong.idLength ?? id.length);
        const whole = Buffer.concat([head(wrong, wrong.noKey ? 0 : flags.key), Buffer.alloc(16), length, id, wrong.cose ?? device.key.cose]);
        const data = wrong.data?.(whole) ?? whole;
        return { cle: base64(id), client: base64(clientData('webauthn.create', options.challenge, wrong)), donnees: base64(data) };
    };
    device.answer = (options, wrong = {}) => {
        if (counts) device.count++;
        const client = clientData('webauthn.get', options.challenge, wrong);
        const data = wrong.data?.(head(wrong)) ?? head(wrong);
        const key = wrong.key ?? device.key;
        const signature = sign(key.algorithm === 'EdDSA' ? null : 'sha256', Buffer.concat([data, sha256(client)]), key.privateKey);
        return { cle: base64(wrong.credential ?? device.credential), client: base64(wrong.sentClient ?? client), donnees: base64(wrong.sentData?.(Buffer.from(data)) ?? data),
            signature: base64(wrong.signature?.(signature) ?? signature), personne: wrong.handle ?? device.handle };
    };
    return device;
}
