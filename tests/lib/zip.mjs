// Reads ZIP archives: name → bytes, by the directory at their end. Throws for what is damaged.
import { inflateRawSync } from 'node:zlib';

export function readZip(bytes) {
    const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
    if (end < 0) throw new Error('not a ZIP');
    const found = new Map();
    for (let i = 0, at = bytes.readUInt32LE(end + 16); i < bytes.readUInt16LE(end + 10); i++) {
        if (bytes.readUInt32LE(at) !== 0x02014b50) throw new Error('the directory is damaged');
        const [method, packed, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)];
        const name = bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28));
        const head = bytes.readUInt32LE(at + 42);
        const start = head + 30 + bytes.readUInt16LE(head + 26) + bytes.readUInt16LE(head + 28);
        const raw = bytes.subarray(start, start + packed);
        const data = method === 8 ? inflateRawSync(raw) : raw;
        if (data.length !== size) throw new Error(`${name}: ${data.length} bytes instead of ${size}`);
        found.set(name, data);
        at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    }
    return found;
}
