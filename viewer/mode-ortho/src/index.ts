/** The parts of `@ohif/mode-basic` that we build on. */
interface ModeInstance {
  routes: { layoutTemplate: unknown; layoutInstance: unknown }[];
  extensions: Record<string, string>;
  [key: string]: unknown;
}

interface ModeFactoryContext {
  loadModules: (names: string[]) => Promise<{ modeInstance: ModeInstance }[]>;
}

export const MODE_ID = '@archwire/mode-ortho';

/** Our own customizations, applied by OHIF while this mode is entered and undone when it is left. */
const CUSTOMIZATIONS = ['@archwire/extension-ortho.customizationModule.ortho'];

export default {
  id: MODE_ID,

  /** The basic viewer with our extension on top; later work fills panels, hanging protocols and tools. */
  async modeFactory({ loadModules }: ModeFactoryContext): Promise<ModeInstance> {
    const [basic] = await loadModules(['@ohif/mode-basic']);
    if (basic === undefined) throw new Error('@ohif/mode-basic is missing from the assembled viewer');
    const base = basic.modeInstance;
    return {
      ...base,
      id: MODE_ID,
      routeName: 'ortho',
      displayName: 'Ortho',
      hide: false,
      routes: base.routes.map((route) => ({ ...route, path: 'ortho' })),
      extensions: { ...base.extensions, '@archwire/extension-ortho': '0.1.0' },
      modeCustomizations: CUSTOMIZATIONS,
    };
  },
};
