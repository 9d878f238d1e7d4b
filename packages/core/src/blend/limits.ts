/**
 * What a `.blend` may cost. All of it is far beyond any scene that an artist has saved; a file that claims more is damaged
 * or hostile, and reading it ends in a `BlendFileError`.
 */
export const LIMITS = {
  /** File blocks in a file. */
  blocks: 20_000_000,
  /** Datablocks (objects, meshes, images …) in a file, whose names are all kept. */
  datablocks: 1_000_000,
  /** The DNA of Blender 5.2 has 135 kB. */
  dnaBytes: 2 * 1024 ** 2,
  /** What is kept of a datablock and its data while its facts are read: settings and names, no geometry. */
  keptBytes: 128 * 1024 ** 2,
  /** Raw blocks (paths and other texts) that are longer are not kept, nor those after this many bytes. */
  rawBlockBytes: 4 * 1024,
  rawBytes: 8 * 1024 ** 2,
  /** Custom properties inside custom properties. */
  propertyDepth: 64,
  properties: 100_000,
  /** External files, simulations, texts and drivers together. */
  facts: 250_000,
  /** Blender's thumbnails are 128 x 128; add-ons write larger ones. */
  thumbnailPixels: 1024 * 1024,
  /** Frames of a zstd file with a seek table. Blender's have 1 or 2 MiB; larger ones are read from the start instead. */
  frameBytes: 16 * 1024 ** 2,
  frames: 1_000_000,
  /** Uncompressed content. */
  contentBytes: 1024 ** 4,
  /** Compressed content is let through up to this size, whatever its ratio. */
  unsuspiciousBytes: 256 * 1024 ** 2,
  /** Uncompressed to compressed size. Scenes reach 50. */
  compressionRatio: 250,
} as const;
