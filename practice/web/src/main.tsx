import '@archwire/ui/styles.css';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './shell/app.tsx';
import { reloadOnceWhenPartsAreGone } from './shell/reload-once.ts';

// zod would otherwise try to make code at run time, which our Content-Security-Policy reports as an attack.
z.config({ jitless: true });

reloadOnceWhenPartsAreGone();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
