// Runs before the first paint, so that a chosen theme never flashes; shell/theme.ts writes what is read here.
try {
  const theme = localStorage.getItem('archwire-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; then the theme is the system's.
}
