// The page of the demo in Chromium. Arguments: its address, and `quick` without reload and kill. The worker that
// serves the page is found by its sockets, as an operator would.
import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';

const [address, quick] = process.argv.slice(2);
const muster = (...words) => execFileSync(process.env.MUSTER, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const webPids = () => JSON.parse(muster('ps', '--json')).filter(row => row.role === 'web').map(row => row.pid);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--ignore-certificate-errors'],
});
let passed = false;
const page = async user => {
  const opened = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  opened.on('pageerror', error => { throw error; });
  opened.sockets = [];
  opened.on('websocket', socket => opened.sockets.push(socket));
  const answer = await opened.goto(address + (user ? `/?user=${user}` : '/'));
  if (answer.status() !== 200) throw new Error(`the page has the status ${answer.status()}`);
  await connected(opened);
  return opened;
};
const connected = opened => opened.waitForFunction(
    () => document.getElementById('state').textContent.startsWith('connected'), null, { timeout: 30_000 });
const shows = (opened, text) => opened.waitForFunction(
    wanted => [...document.querySelectorAll('#messages li')].some(item => item.textContent === wanted), text,
    { timeout: 20_000 });
const push = async (opened, user, text) => {
  await opened.fill('input[name=userId]', user);
  await opened.fill('input[name=text]', text);
  await opened.click('button');
};
const step = async (name, run) => {
  await run();
  console.log(`ok      ${name}`);
};

try {
  const [ada, all] = await Promise.all([page('ada'), page('')]);
  await step('it shows every slot, live', () => ada.waitForFunction(
      () => document.querySelectorAll('#slots tr').length >= 10, null, { timeout: 20_000 }));
  await step('a push to all appears in both pages', async () => {
    await push(all, '', 'hello');
    await Promise.all([shows(ada, 'hello'), shows(all, 'hello')]);
  });
  await step('a push to ada appears in hers alone', async () => {
    await push(all, 'ada', 'for you');
    await shows(ada, 'for ada: for you');
    await push(all, '', 'then');
    await shows(all, 'then');
    if ((await all.textContent('#messages')).includes('for you')) throw new Error('the other page shows it too');
  });
  await step('what is pushed is text, not HTML', async () => {
    await push(all, '', '<img src=x onerror=alert(1)>');
    await shows(all, '<img src=x onerror=alert(1)>');
  });
  if (!quick) {
    const again = async (name, change) => {
      const before = ada.sockets.length;
      await ada.evaluate(() => {
        window.states = [];
        new MutationObserver(() => window.states.push(document.getElementById('state').textContent))
            .observe(document.getElementById('state'), { childList: true });
      });
      await step(name, async () => {
        await change();
        const end = Date.now() + 30_000;
        while (ada.sockets.length === before && Date.now() < end) await ada.waitForTimeout(50);
        await Promise.all([connected(ada), connected(all)]);
        await push(all, 'ada', `${name}: for ada`);
        await shows(ada, `for ada: ${name}: for ada`);
        await push(ada, '', `${name}: for all`);
        await Promise.all([shows(ada, `${name}: for all`), shows(all, `${name}: for all`)]);
      });
      return ada.evaluate(() => window.states);
    };
    const states = await again('a reload of the web workers ends it with 1012, it comes back, and pushes go on',
        async () => { muster('reload', 'web'); });
    if (!states.some(state => state.includes('(1012)'))) throw new Error(`it was closed with ${states}`);
    await again('kill -9 of both web workers, and it comes back', async () => {
      for (const pid of webPids()) process.kill(pid, 'SIGKILL');
    });
  }
  passed = true;
} catch (error) {
  console.log(`FAILED  ${error.message}`);
} finally {
  await browser.close();
}
process.exit(passed ? 0 : 1);
