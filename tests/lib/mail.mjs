// Reads the letters the program writes to <data>/mail/*.eml.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const unquote = (text) => Buffer.from(text.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString('utf8');

// "=?UTF-8?Q?Bienvenue_=C3=A0?=" and its base64 sister.
export function decodeHeader(value) {
    return value.replace(/\r?\n[ \t]+/g, ' ').replace(/\?=\s+=\?/g, '?==?')
        .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind, text) => (kind.toLowerCase() === 'b'
            ? Buffer.from(text, 'base64').toString('utf8') : unquote(text.replaceAll('_', ' '))));
}

// A letter, or a part of one: { headers, to, subject, text, parts, raw }; `text` is the first part's when there are several.
export function parseMail(raw) {
    const [head, ...rest] = raw.toString('latin1').split(/\r?\n\r?\n/);
    const headers = {};
    for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
        const colon = line.indexOf(':');
        headers[line.slice(0, colon).toLowerCase()] = decodeHeader(line.slice(colon + 1).trim());
    }
    const body = rest.join('\n\n');
    const boundary = /^multipart\/.*boundary="([^"]+)"/.exec(headers['content-type'] ?? '')?.[1];
    if (boundary) {
        const parts = `\n${body}`.split(new RegExp(`\\r?\\n--${boundary}(?:--)?\\s*`)).slice(1, -1).map((part) => parseMail(Buffer.from(part, 'latin1')));
        return { headers, to: headers.to, subject: headers.subject, text: parts[0].text, parts, raw: raw.toString('latin1') };
    }
    const decode = { 'quoted-printable': unquote, base64: (text) => Buffer.from(text, 'base64').toString('utf8') };
    const encoding = (headers['content-transfer-encoding'] ?? '').toLowerCase();
    const text = (decode[encoding] ?? ((plain) => Buffer.from(plain, 'latin1').toString('utf8')))(body).replace(/\r\n/g, '\n');
    return { headers, to: headers.to, subject: headers.subject, text, raw: raw.toString('latin1') };
}

export function mails(data) {
    const folder = join(data, 'mail');
    if (!existsSync(folder)) return [];
    return readdirSync(folder).filter((name) => name.endsWith('.eml')).sort().map((name) => parseMail(readFileSync(join(folder, name))));
}

// Waits for a letter to `address` whose text or subject matches.
export async function waitForMail(data, address, pattern = /./, seconds = 20) {
    for (let i = 0; i < seconds * 10; i++) {
        const found = mails(data).filter((mail) => mail.to?.includes(address) && (pattern.test(mail.text) || pattern.test(mail.subject)));
        if (found.length) return found.at(-1);
        await sleep(100);
    }
    throw new Error(`no mail to ${address} matching ${pattern}; there are: ${mails(data).map((mail) => `${mail.to}: ${mail.subject}`).join('; ') || 'none'}`);
}

// The first address in a letter whose path begins with `path`, as path and query.
export function linkIn(mail, path) {
    for (const [url] of mail.text.matchAll(/https?:\/\/[^\s<>"]+/g)) {
        const { pathname, search } = new URL(url);
        if (pathname.startsWith(path)) return pathname + search;
    }
    throw new Error(`no link to ${path} in:\n${mail.text}`);
}
