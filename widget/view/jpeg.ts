/** How large a photo may become, in pixels: more, no canvas takes everywhere. */
const mostPixels = 16_000_000;

/** A photo as a JPG, turned as it was taken and without where that was. Rejects where this browser can't read it. */
export async function asJpeg(photo: File): Promise<File> {
  const picture = await createImageBitmap(photo);
  try {
    const bytes = await draw(
      picture,
      Math.min(1, Math.sqrt(mostPixels / (picture.width * picture.height))),
    ).then((canvas) => new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9)));
    if (!bytes) throw new Error('the canvas gave nothing');
    return new File([bytes], photo.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' });
  } finally {
    picture.close();
  }
}

async function draw(picture: ImageBitmap, scale: number): Promise<HTMLCanvasElement> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
