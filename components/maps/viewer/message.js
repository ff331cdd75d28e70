/* What the server sends; payload.py has the format. */

/** The header of a message, and its blocks of bytes by their place. */
export function unpack(bytes) {
  const lead = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + lead)));
  // A copy, because numbers of four bytes must begin at a multiple of four.
  const block = ([start, length]) => bytes.slice(4 + lead + start, 4 + lead + start + length).buffer;
  return { header, block };
}

/** The bytes of a text in base64. */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** A scan's samples, darkest 0, from a block that zlib has compressed. */
export async function readSamples(buffer, scan) {
  const stream = new Blob([buffer]).stream().pipeThrough(new DecompressionStream("deflate"));
  const content = await new Response(stream).arrayBuffer();
  return scan.bytes_each === 2 ? new Uint16Array(content) : new Uint8Array(content);
}
