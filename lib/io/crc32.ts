const CRC_TABLE = Int32Array.from({ length: 256 }, (_, i) => {
	let remainder = i;
	for (let bit = 0; bit < 8; bit++)
		remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
	return remainder;
});

/**
 * The checksum of zip archives and PNG pictures. Node's own is not in every version of Node 20, nor
 * in browsers.
 */
export function crc32(bytes: Uint8Array): number {
	let crc = -1;
	for (let i = 0; i < bytes.length; i++) {
		crc = CRC_TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
	}
	return ~crc >>> 0;
}
