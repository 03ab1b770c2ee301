// Speaks plainly where the Node that npm scripts run on is too old. Runs on any Node itself.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 6)) {
  console.error(
    `This project runs on Node 24.6 or newer; this is ${process.version}. ` +
      'On Linux x64 "npm ci" brings one along; elsewhere install it from nodejs.org.',
  );
  process.exit(1);
}
