const NOTES = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.09 },
] as const;

/** Plays two soft notes, unless the browser blocks sound until the user interacts with the page. */
export function playChime(): void {
  const context = new AudioContext();
  const end = context.currentTime + 0.5;
  for (const { hertz, at } of NOTES) {
    const start = context.currentTime + at;
    const oscillator = new OscillatorNode(context, { type: 'sine', frequency: hertz });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.linearRampToValueAtTime(0.12, start + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.001, end);
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(end);
  }
  setTimeout(() => void context.close(), 1_000);
}
