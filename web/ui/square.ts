/** Pixels on each side of a picture that is uploaded. */
const SIDE = 512;

/**
 * The middle of a picture as a small square. The file is written anew, so that nothing of the original's metadata, such as the
 * place where it was taken, is left in it. Throws where the browser cannot show the file.
 */
export async function toSquare(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const side = Math.min(picture.width, picture.height);
  const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
  canvas.getContext("2d")?.drawImage(picture, left, top, side, side, 0, 0, SIDE, SIDE);
  picture.close();
  return new Promise((resolve, reject) => {
    // A browser that cannot write WebP writes PNG.
    canvas.toBlob((square) => (square ? resolve(square) : reject(new Error("The picture cannot be written."))), "image/webp", 0.85);
  });
}
