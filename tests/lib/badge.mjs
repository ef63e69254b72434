// Badge pictures from outside: reads the assertion a PNG carries, and makes pictures that lie.
import * as zlib from 'node:zlib';

// Node 18 has no zlib.crc32, so it cannot be imported by name.
const table = Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n >>> 0;
});
const crc32 = zlib.crc32 ?? ((bytes) => ~bytes.reduce((crc, byte) => table[(crc ^ byte) & 255] ^ (crc >>> 8), ~0) >>> 0);

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

// [{ type, data }…] of a PNG; throws where a length or a checksum is wrong.
export function chunksOf(png) {
    if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('not a PNG');
    const chunks = [];
    for (let at = 8; at < png.length;) {
        const n = png.readUInt32BE(at);
        const type = png.toString('latin1', at + 4, at + 8);
        if (png.readUInt32BE(at + 8 + n) !== crc32(png.subarray(at + 4, at + 8 + n))) throw new Error(`the checksum of ${type} is wrong`);
        chunks.push({ type, data: png.subarray(at + 8, at + 8 + n) });
        at += 12 + n;
    }
    return chunks;
}

export function pngOf(chunks) {
    return Buffer.concat([SIGNATURE, ...chunks.flatMap(({ type, data }) => {
        const [length, named, sum] = [Buffer.alloc(4), Buffer.concat([Buffer.from(type, 'latin1'), data]), Buffer.alloc(4)];
        length.writeUInt32BE(data.length);
        sum.writeUInt32BE(crc32(named));
        return [length, named, sum];
    })]);
}

const PREFIX = Buffer.from('openbadges\0\0\0\0\0', 'latin1'); // keyword, not compressed, no language, no translated keyword

// The text baked into a badge picture.
export function bakedText(png) {
    const found = chunksOf(png).filter(({ type, data }) => type === 'iTXt' && data.toString('latin1').startsWith('openbadges\0'));
    if (found.length !== 1) throw new Error(`${found.length} badges in the picture`);
    if (!found[0].data.subarray(0, PREFIX.length).equals(PREFIX)) throw new Error('the iTXt chunk is not as it should be');
    return found[0].data.toString('utf8', PREFIX.length);
}

// The same picture with other words in it, and right checksums: what a forger makes.
export function rebake(png, change) {
    return pngOf(chunksOf(png).map((chunk) => (chunk.type === 'iTXt' && chunk.data.toString('latin1').startsWith('openbadges\0')
        ? { type: 'iTXt', data: Buffer.concat([PREFIX, Buffer.from(change(bakedText(png)))]) } : chunk)));
}
