// Prints how long the first run of a case takes, in milliseconds: `node first-call.mjs ./jax.mjs "two-layer step, float32"`. Its operands are
// there before; what is recorded, compiled or loaded when it is first asked for counts.
const [file, name] = process.argv.slice(2);
const { cases } = await import(file);
const start = performance.now();
await cases[name]();
console.log(performance.now() - start);
process.exit();
