// A node:test reporter for run.mjs: one JSON line a test, so that nothing has to be read out of prose.
// Suites (describe) and parents that failed only through a child are not counted as tests.
export default async function* reporter(source) {
    for await (const event of source) {
        if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
        const { data } = event;
        const error = data.details?.error;
        if (data.details?.type === 'suite' && error?.failureType !== 'hookFailed') continue;
        if (error?.failureType === 'subtestsFailed') continue;
        const cause = error?.cause ?? error;
        yield JSON.stringify({
            name: data.name,
            ok: event.type === 'test:pass',
            skip: data.skip === undefined ? undefined : String(data.skip || 'no reason given'),
            ms: Math.round(data.details?.duration_ms ?? 0),
            error: error && [cause, cause?.cause].filter(Boolean).map((each) => String(each.stack ?? each.message ?? each)).join('\nbecause '),
        }) + '\n';
    }
}
