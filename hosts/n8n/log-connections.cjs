// Loaded into every n8n process: logs each host before the process connects to it.
const dns = require("node:dns");
const fs = require("node:fs");
const net = require("node:net");

const note = (host) => fs.appendFileSync(process.env.E2E_CONNECTION_LOG, `${host}\n`);

const { lookup } = dns;
dns.lookup = (host, ...rest) => {
  note(host);
  return lookup(host, ...rest);
};
const lookupPromise = dns.promises.lookup;
dns.promises.lookup = (host, ...rest) => {
  note(host);
  return lookupPromise(host, ...rest);
};

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  // `net.connect` passes its arguments on as one array.
  const [target, host] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof target === "number") note(host ?? "localhost");
  else if (target?.port) note(target.host ?? "localhost");
  return connect.apply(this, args);
};
