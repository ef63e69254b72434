// Tar archives of plain files, in memory: read, change, write again. Only what `edulab backup` writes: ustar headers.
export function readTar(bytes) {
    const entries = [];
    const text = (at, n) => bytes.subarray(at, at + n).toString('utf8').replace(/\0.*$/s, '');
    for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0;) {
        const size = parseInt(text(at + 124, 12), 8);
        const prefix = text(at + 345, 155);
        entries.push({ name: (prefix ? `${prefix}/` : '') + text(at, 100), type: text(at + 156, 1), mode: parseInt(text(at + 100, 8), 8),
            at: at + 512, data: bytes.subarray(at + 512, at + 512 + size) });
        at += 512 + Math.ceil(size / 512) * 512;
    }
    return entries;
}

export function writeTar(entries) {
    const parts = entries.flatMap(({ name, data, mode = 0o600, type = '0', link = '' }) => {
        const head = Buffer.alloc(512);
        head.write(name.length > 100 ? name.slice(name.indexOf('/', name.length - 100) + 1) : name, 0);
        if (name.length > 100) head.write(name.slice(0, name.indexOf('/', name.length - 100)), 345);
        head.write(`${mode.toString(8).padStart(7, '0')}\0${'0000000\0'.repeat(2)}${data.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0        ${type}`, 100);
        head.write(link, 157);
        head.write('ustar\x0000', 257);
        head.write(`${head.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
        return [head, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
    });
    return Buffer.concat([...parts, Buffer.alloc(1024)]);
}
