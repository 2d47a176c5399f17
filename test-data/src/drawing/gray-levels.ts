import sharp from 'sharp';

/** What a screenshot of a panoramic must show: bright enamel along the middle, a dark corner. Levels from 0 to 255. */
export const grayLevels = async (
  png: Buffer,
): Promise<{ readonly brightest: number; readonly centreRow: number; readonly corner: number }> => {
  const { data, info } = await sharp(png).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): number =>
    data[(Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels] ?? 0;
  const along = Array.from({ length: 200 }, (_, i) =>
    Math.max(...[0.44, 0.47, 0.5, 0.53, 0.56].map((y) => at(0.25 + i / 400, y))),
  );
  const sorted = along.toSorted((a, b) => a - b);
  return {
    brightest: sorted.at(-1) ?? 0,
    centreRow: sorted[Math.floor(sorted.length * 0.7)] ?? 0,
    corner: at(0.02, 0.5),
  };
};
