/** What runs inside the page while it is measured: plain JavaScript, since it is handed over as text. */

/** Notes the time between frames from now on in `window.frames`. */
export const WATCH_FRAMES = `
  window.frames = [];
  window.watching = true;
  (() => {
    let last = performance.now();
    const frame = (now) => {
      window.frames.push(now - last);
      last = now;
      if (window.watching) requestAnimationFrame(frame);
    };
    requestAnimationFrame((now) => { last = now; requestAnimationFrame(frame); });
  })();
`;

/** Ends that; evaluates to the times. */
export const TAKE_FRAMES = `(() => { window.watching = false; return window.frames; })()`;

/** Notes in \`window.keys\`, for each key, the time from the press to the end of the frame that shows it. */
export const WATCH_KEYS = `
  window.keys = [];
  document.addEventListener('keydown', (event) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.keys.push(performance.now() - event.timeStamp);
    // A message posted in the frame's callback arrives when the frame has been painted.
    requestAnimationFrame(() => channel.port2.postMessage(undefined));
  }, { capture: true });
`;

/** Clicks the room's link and evaluates to the milliseconds until the text stands in the room's log, painted. */
export const openRoomScript = (name: string, text: string): string => `
  new Promise((resolve) => {
    const links = [...document.querySelectorAll('nav a, [aria-label="Rooms"] a')];
    const link = links.find((each) => each.textContent.includes(${JSON.stringify(name)}));
    const startedAt = performance.now();
    link.click();
    const look = () => {
      const log = document.querySelector('[role="log"]');
      if (log !== null && log.textContent.includes(${JSON.stringify(text)})) {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve(performance.now() - startedAt);
        channel.port2.postMessage(undefined);
      } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })
`;
