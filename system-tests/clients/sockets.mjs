// WebSockets of the demo, by the client `ws`. Arguments: the address, and `quick` for the handshake cases only.
import { WebSocket } from 'ws';

const [address, quick] = process.argv.slice(2);
const cases = [];
const test = (name, run, long) => { if (!long || !quick) cases.push({ name, run }); };
const within = (what, promise) => {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within 10 s`)), 10_000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};
const check = (actual, wanted, what) => {
  if (actual !== wanted) throw new Error(`${what} is ${actual}, not ${wanted}`);
};

const open = async (path = '/', protocols = [], options = {}) => {
  const socket = new WebSocket(address + path, protocols, options);
  socket.messages = [];
  socket.on('message', data => { socket.messages.push(JSON.parse(data)); socket.emit('heard'); });
  socket.over = new Promise(resolve => socket.on('close', (code, reason) => resolve({ code, reason: `${reason}` })));
  const refused = new Promise((_, reject) => {
    socket.on('unexpected-response', (_, answer) => reject(answer.statusCode));
    socket.on('error', reject);
  });
  refused.catch(() => {});
  await within('the handshake', Promise.race([new Promise(resolve => socket.on('open', resolve)), refused]));
  return socket;
};
const hears = (socket, text) => within(`the push '${text.slice(0, 20)}'`, new Promise(resolve => {
  const look = () => { if (socket.messages.some(m => m.kind === 'message' && m.text === text)) resolve(); };
  socket.on('heard', look);
  look();
}));
const closes = async (socket, code) => check((await within('the close', socket.over)).code, code, 'the close code');
const push = (userId, text) => fetch(address.replace(/^ws/, 'http') + '/push', {
  method: 'POST', body: JSON.stringify({ userId, text }),
});

test('permessage-deflate is negotiated, and messages pass both ways', async () => {
  const socket = await open();
  check(socket.extensions.split(';')[0], 'permessage-deflate', 'the extension');
  const text = 'compressed '.repeat(200);
  socket.send(text);
  await hears(socket, text);
  socket.close(1000);
  await closes(socket, 1000);
});
test('no extension for a client that offers none', async () => {
  const socket = await open('/', [], { perMessageDeflate: false });
  check(socket.extensions, '', 'the extensions');
  socket.send('plain');
  await hears(socket, 'plain');
  socket.close(1000, 'done');
  await closes(socket, 1000);
});
test('the first sub-protocol of the client that the server knows is chosen', async () => {
  const socket = await open('/', ['strange', 'text', 'json']);
  check(socket.protocol, 'text', 'the sub-protocol');
  socket.close();
});
test('a ping is answered by a pong with its data', async () => {
  const socket = await open();
  const pong = new Promise(resolve => socket.on('pong', resolve));
  socket.ping('are you there');
  check(`${await within('the pong', pong)}`, 'are you there', 'the pong');
  socket.close();
});
test('a page of the same host may connect, one of another may not', async () => {
  (await open('/', [], { origin: address.replace(/^ws/, 'http') })).close();
  check(await open('/', [], { origin: 'http://evil.example' }).catch(status => status), 403, 'the status');
});
test('a message in fragments arrives as one', async () => {
  const socket = await open();
  socket.send('one, ', { fin: false });
  socket.send('two, ', { fin: false });
  socket.ping();
  socket.send('three', { fin: true });
  await hears(socket, 'one, two, three');
  socket.close();
}, true);
test('a message of one byte more than 1 MiB gets 1009', async () => {
  for (const perMessageDeflate of [false, true]) {
    const socket = await open('/', [], { perMessageDeflate });
    socket.send(Buffer.alloc(1024 * 1024 + 1, 'x'), { binary: false });
    await closes(socket, 1009);
  }
}, true);
test('many fragments that together are too long get 1009', async () => {
  const socket = await open('/', [], { perMessageDeflate: false });
  for (let i = 0; i < 17; i++) socket.send(Buffer.alloc(64 * 1024, 'x'), { binary: false, fin: false });
  await closes(socket, 1009);
}, true);
const raw = async (bytes, code, what) => {
  const socket = await open('/', [], { perMessageDeflate: false });
  socket._socket.write(Buffer.from(bytes));
  check((await within(what, socket.over)).code, code, `the close code for ${what}`);
};
test('frames against the protocol get 1002, bad UTF-8 gets 1007 (RFC 6455, 5 and 8.1)', async () => {
  const mask = [1, 2, 3, 4];
  await raw([0x81, 0x02, 0x68, 0x69], 1002, 'a frame without a mask');
  await raw([0xc1, 0x80, ...mask], 1002, 'a reserved bit');
  await raw([0x83, 0x80, ...mask], 1002, 'an unknown opcode');
  await raw([0x09, 0x80, ...mask], 1002, 'a control frame in fragments');
  await raw([0x89, 0xfe, 0x00, 0x7e, ...mask, ...Array(126).fill(0)], 1002, 'a control frame over 125 bytes');
  await raw([0x80, 0x80, ...mask], 1002, 'a continuation of nothing');
  await raw([0x01, 0x81, ...mask, 0x60, 0x81, 0x81, ...mask, 0x60], 1002, 'a new message inside another');
  await raw([0x88, 0x81, ...mask, 0x60], 1002, 'a close with one byte');
  await raw([0x88, 0x82, ...mask, 0x03 ^ 1, 0xee ^ 2], 1002, 'the close code 1006');
  await raw([0x81, 0x82, ...mask, 0xc3 ^ 1, 0x28 ^ 2], 1007, 'a text that is no UTF-8');
  await raw([0x88, 0x84, ...mask, 0x03 ^ 1, 0xe8 ^ 2, 0xc3 ^ 3, 0x28 ^ 4], 1007, 'a reason that is no UTF-8');
}, true);
test('close codes of the client are echoed', async () => {
  for (const code of [1000, 1001, 1003, 1011, 3000, 4999]) {
    const socket = await open();
    socket.close(code);
    await closes(socket, code);
  }
}, true);
test('a push reaches all, or the connections of one user', async () => {
  const [ada, other] = await Promise.all([open('/?user=ada'), open('/?user=bob')]);
  await push('', 'to all');
  await Promise.all([hears(ada, 'to all'), hears(other, 'to all')]);
  await push('ada', 'only for ada');
  await hears(ada, 'only for ada');
  await push('', 'after it');
  await hears(other, 'after it');
  if (other.messages.some(m => m.text === 'only for ada')) throw new Error('bob has heard what was for ada');
  ada.close();
  other.close();
}, true);

let failed = false;
for (const { name, run } of cases) {
  try {
    await run();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed = true;
    console.log(`FAILED  ${name}: ${error.message ?? error}`);
  }
}
process.exit(failed ? 1 : 0);
