/** Two bars on one line of a terminal; in a file, a line at every tenth. */
export interface Progress {
  update(counts: { readonly made: number; readonly sent: number; readonly bytes: number }): void;
  end(): void;
}

const bar = (done: number, total: number): string =>
  '█'.repeat(total === 0 ? 20 : Math.round((done / total) * 20)).padEnd(20, '·');

export const createProgress = (total: number, out: NodeJS.WriteStream = process.stdout): Progress => {
  let tenth = -1;
  let last = '';
  return {
    update: ({ made, sent, bytes }) => {
      last = `made ${bar(made, total)} ${made}/${total}   sent ${bar(sent, total)} ${sent}/${total}   ${(bytes / 1e6).toFixed(0)} MB`;
      const now = Math.floor((sent / Math.max(1, total)) * 10);
      if (out.isTTY) out.write(`\r${last} `);
      else if (now !== tenth) out.write(`${last}\n`);
      tenth = now;
    },
    end: () => void (out.isTTY && out.write('\n')),
  };
};
