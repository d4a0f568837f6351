import { type DeviceBackend, webgpu } from "../../lib/webgpu.ts";
import { gpu } from "./adapter.ts";

let made: Promise<DeviceBackend> | undefined;

/** A device that specs share. */
export function backend(): Promise<DeviceBackend> {
	made ??= gpu().then((found) => webgpu({ gpu: found }));
	return made;
}
