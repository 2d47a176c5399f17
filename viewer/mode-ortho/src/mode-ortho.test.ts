// `@ohif/mode-basic` is a stand-in of its shape; the browser test loads the real one.
import { describe, expect, it } from 'vitest';
import mode from './index.ts';

describe('mode-ortho', () => {
  it('is the basic mode under its own name and route, with our extension and customizations', async () => {
    const handler = () => {};
    const modeInstance = {
      id: '@ohif/mode-basic',
      hide: true,
      routes: [{ path: 'basic', layoutTemplate: handler, layoutInstance: { id: 'layout' } }],
      extensions: { '@ohif/extension-default': '^3.0.0' },
      onModeEnter: handler,
    };
    expect(await mode.modeFactory({ loadModules: () => Promise.resolve([{ modeInstance }]) })).toEqual({
      id: '@archwire/mode-ortho',
      routeName: 'ortho',
      displayName: 'Ortho',
      hide: false,
      routes: [{ path: 'ortho', layoutTemplate: handler, layoutInstance: { id: 'layout' } }],
      extensions: { '@ohif/extension-default': '^3.0.0', '@archwire/extension-ortho': '0.1.0' },
      modeCustomizations: ['@archwire/extension-ortho.customizationModule.ortho'],
      onModeEnter: handler,
    });
  });

  it('says what is wrong when OHIF lost its basic mode', async () => {
    await expect(mode.modeFactory({ loadModules: () => Promise.resolve([]) })).rejects.toThrow(
      '@ohif/mode-basic is missing from the assembled viewer',
    );
  });
});
