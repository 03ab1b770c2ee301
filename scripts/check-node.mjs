// Speaks plainly where the Node that npm scripts run on is too old. Runs on any Node itself.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `This project runs on Node 24 or newer; this is ${process.version}. ` +
      'On Linux x64 "npm ci" brings one along; elsewhere install it from nodejs.org.',
  );
  process.exit(1);
}
