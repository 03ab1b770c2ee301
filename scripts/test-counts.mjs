// A reporter for node:test that gives the number of tests as one line of JSON.
export default async function* testCounts(events) {
  for await (const { type, data } of events) {
    // There is a summary for each file, and one without a file for them all.
    if (type !== 'test:summary' || data.file !== undefined) continue;
    const { passed, failed, cancelled } = data.counts;
    yield JSON.stringify({ passed, failed: failed + cancelled });
  }
}
