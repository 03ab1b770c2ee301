import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bundle = fileURLToPath(new URL('../../dist/esm', import.meta.url));
const types = { '.js': 'text/javascript', '.json': 'application/json', '.html': 'text/html' };

/**
 * The one server both pages come from. Requests to `/v1` go on to the backend, so that the widget, as in
 * most portals, asks its own origin.
 *
 * @param {ReadonlyMap<string, string>} pages - What lies at which path.
 */
export async function servePages(pages) {
  let backend = '';
  const server = createServer((req, res) => {
    const path = req.url.split('?')[0];
    if (path.startsWith('/v1/')) {
      forward(req, res, backend);
      return;
    }
    res.setHeader('Content-Type', types[extname(path)] ?? 'text/plain');
    if (pages.has(path)) res.end(pages.get(path));
    else if (path.startsWith('/esm/')) {
      createReadStream(join(bundle, path.slice('/esm/'.length)))
        .on('error', () => res.writeHead(404).end())
        .pipe(res);
    } else res.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    forwardTo: (origin) => (backend = origin),
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function forward(req, res, backend) {
  const { method, url, headers } = req;
  const onward = request(new URL(url, backend), { method, headers }, (answer) => {
    res.writeHead(answer.statusCode, answer.headers);
    res.flushHeaders();
    answer.pipe(res);
  });
  onward.on('error', () => res.destroy());
  res.on('close', () => onward.destroy());
  req.pipe(onward);
}
