// Calendar files as another library reads them: python3-icalendar of Debian, which knows nothing of libical.
import { execFileSync } from 'node:child_process';

const program = `
import json, sys
from icalendar import Calendar
from datetime import timezone
text = sys.stdin.buffer.read()
calendar = Calendar.from_ical(text)
utc = lambda value: int(value.astimezone(timezone.utc).timestamp() * 1000)
events = []
for e in calendar.walk('VEVENT'):
    start, end = e['DTSTART'], e['DTEND']
    people = [str(e[name]) for name in ('ORGANIZER', 'ATTENDEE') if name in e]
    events.append({'uid': str(e['UID']), 'start': utc(start.dt), 'end': utc(end.dt), 'wall': start.dt.strftime('%Y-%m-%dT%H:%M'),
        'tzid': start.params.get('TZID'), 'sequence': int(e['SEQUENCE']), 'status': str(e['STATUS']), 'summary': str(e['SUMMARY']),
        'location': str(e.get('LOCATION', '')), 'description': str(e.get('DESCRIPTION', '')), 'people': people})
zones = [str(z['TZID']) for z in calendar.walk('VTIMEZONE')]
print(json.dumps({'method': str(calendar.get('METHOD')), 'version': str(calendar['VERSION']), 'zones': zones, 'events': events,
    'longest': max(len(line) for line in text.split(b'\\r\\n'))}))
`;

// { method, version, zones, longest, events: [{ uid, start, end, wall, tzid, sequence, status, summary, location, people }] }
export const readCalendar = (text) => JSON.parse(execFileSync('/usr/bin/python3', ['-c', program], { input: text, encoding: 'utf8' }));

// That of a letter.
export function calendarOf(mail) {
    const part = mail.parts?.find(({ headers }) => headers['content-type'].startsWith('text/calendar'));
    if (!part) throw new Error(`no calendar comes with "${mail.subject}"`);
    return { ...readCalendar(part.text.replaceAll('\n', '\r\n')), type: part.headers['content-type'] };
}
