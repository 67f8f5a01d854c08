/**
 * ML-KEM-768 encapsulation with given randomness (FIPS 203, algorithms 14 and 17), written out because OpenSSL draws its own and
 * frozen vectors need theirs fixed. Key pairs and decapsulation are OpenSSL's (ml-kem.ts), so each checks the other.
 */
import { createHash } from "node:crypto";
import { join, number } from "./bytes.ts";

const Q = 3329;
const N = 256;
const K = 3;
const INVERSE_OF_128 = 3303;
const ENCODED_POLYNOMIAL_BYTES = 384;
const COEFFICIENT_BITS = 12;
const U_BITS = 10;
const V_BITS = 4;
/** Three bytes give two candidates, of which 81 % fit: 800 for the 256 that are needed. */
const SAMPLED_BYTES = 1200;

type Polynomial = Int32Array;

function shake(name: "shake128" | "shake256", input: Uint8Array, outputLength: number): Uint8Array {
  return new Uint8Array(createHash(name, { outputLength }).update(input).digest());
}

function at(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError("index out of range");
  return value;
}

function modulo(value: number): number {
  return ((value % Q) + Q) % Q;
}

function powerOf17(exponent: number): number {
  let power = 1;
  for (let step = 0; step < exponent; step += 1) power = (power * 17) % Q;
  return power;
}

function reversed7(index: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 7; bit += 1) reversed |= ((index >> bit) & 1) << (6 - bit);
  return reversed;
}

const ZETAS = Array.from({ length: 128 }, (_, index) => powerOf17(reversed7(index)));
const GAMMAS = Array.from({ length: 128 }, (_, index) => powerOf17(2 * reversed7(index) + 1));

/** Algorithm 9. */
function ntt(input: Polynomial): Polynomial {
  const f = input.slice();
  let zetaIndex = 1;
  for (let length = 128; length >= 2; length /= 2) {
    for (let start = 0; start < N; start += 2 * length) {
      const zeta = at(ZETAS, zetaIndex);
      zetaIndex += 1;
      for (let j = start; j < start + length; j += 1) {
        const turned = zeta * at(f, j + length);
        f[j + length] = modulo(at(f, j) - turned);
        f[j] = modulo(at(f, j) + turned);
      }
    }
  }
  return f;
}

/** Algorithm 10. */
function inverseNtt(input: Polynomial): Polynomial {
  const f = input.slice();
  let zetaIndex = 127;
  for (let length = 2; length <= 128; length *= 2) {
    for (let start = 0; start < N; start += 2 * length) {
      const zeta = at(ZETAS, zetaIndex);
      zetaIndex -= 1;
      for (let j = start; j < start + length; j += 1) {
        const low = at(f, j);
        f[j] = modulo(low + at(f, j + length));
        f[j + length] = modulo(zeta * (at(f, j + length) - low));
      }
    }
  }
  return f.map((value) => modulo(value * INVERSE_OF_128));
}

/** Algorithms 11 and 12. */
function multiplied(f: Polynomial, g: Polynomial): Polynomial {
  const out = new Int32Array(N);
  for (let i = 0; i < N; i += 2) {
    const [f0, f1, g0, g1] = [at(f, i), at(f, i + 1), at(g, i), at(g, i + 1)];
    out[i] = modulo(f0 * g0 + modulo(f1 * g1) * at(GAMMAS, i / 2));
    out[i + 1] = modulo(f0 * g1 + f1 * g0);
  }
  return out;
}

function sum(...polynomials: readonly Polynomial[]): Polynomial {
  return new Int32Array(N).map((_, i) => modulo(polynomials.reduce((total, f) => total + at(f, i), 0)));
}

/** Algorithm 7. */
function sampledNtt(seed: Uint8Array): Polynomial {
  const stream = shake("shake128", seed, SAMPLED_BYTES);
  const candidates: number[] = [];
  for (let i = 0; i < stream.length; i += 3) {
    const [a, b, c] = [at(stream, i), at(stream, i + 1), at(stream, i + 2)];
    candidates.push(a + 256 * (b % 16), Math.floor(b / 16) + 16 * c);
  }
  const fitting = candidates.filter((candidate) => candidate < Q);
  if (fitting.length < N) throw new Error("too few candidates");
  return Int32Array.from(fitting.slice(0, N));
}

/** Algorithm 8 with η = 2, of PRF(r, counter). */
function noise(r: Uint8Array, counter: number): Polynomial {
  const bits = bitsOf(shake("shake256", join(r, number(counter, 1)), 128));
  return new Int32Array(N).map((_, i) =>
    modulo(at(bits, 4 * i) + at(bits, 4 * i + 1) - at(bits, 4 * i + 2) - at(bits, 4 * i + 3)),
  );
}

function bitsOf(bytes: Uint8Array): readonly number[] {
  return [...bytes].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1));
}

/** Algorithm 6. */
function decoded(bytes: Uint8Array): Polynomial {
  const bits = bitsOf(bytes);
  return new Int32Array(N).map((_, i) => {
    let value = 0;
    for (let bit = 0; bit < COEFFICIENT_BITS; bit += 1) value += at(bits, i * COEFFICIENT_BITS + bit) << bit;
    return value % Q;
  });
}

/** Compression (4.7) and algorithm 5. */
function compressed(f: Polynomial, width: number): Uint8Array {
  const out = new Uint8Array((N * width) / 8);
  f.forEach((value, i) => {
    const small = Math.floor((value * 2 ** (width + 1) + Q) / (2 * Q)) % 2 ** width;
    for (let bit = 0; bit < width; bit += 1) {
      const place = i * width + bit;
      out[place >> 3] = at(out, place >> 3) | (((small >> bit) & 1) << (place & 7));
    }
  });
  return out;
}

/** @param key 1,184 bytes. @param m 32 bytes. Gives the ciphertext (1,088 bytes) and the shared secret (32). */
export function encapsulateWith(
  key: Uint8Array,
  m: Uint8Array,
): { readonly ciphertext: Uint8Array; readonly secret: Uint8Array } {
  const keyHash = createHash("sha3-256").update(key).digest();
  const derived = createHash("sha3-512").update(join(m, keyHash)).digest();
  const secret = new Uint8Array(derived.subarray(0, 32));
  const r = new Uint8Array(derived.subarray(32));
  const rho = key.subarray(K * ENCODED_POLYNOMIAL_BYTES);
  const rows = [0, 1, 2];
  const t = rows.map((i) => decoded(key.subarray(i * ENCODED_POLYNOMIAL_BYTES, (i + 1) * ENCODED_POLYNOMIAL_BYTES)));
  const y = rows.map((i) => ntt(noise(r, i)));
  const product = (vector: readonly Polynomial[]): Polynomial =>
    inverseNtt(
      sum(
        ...vector.map((f, j) => {
          const factor = y[j];
          if (factor === undefined) throw new RangeError("index out of range");
          return multiplied(f, factor);
        }),
      ),
    );
  const u = rows.map((i) =>
    sum(product(rows.map((j) => sampledNtt(join(rho, number(i, 1), number(j, 1))))), noise(r, K + i)),
  );
  const message = Int32Array.from(bitsOf(m), (bit) => bit * ((Q + 1) / 2));
  const v = sum(product(t), noise(r, 2 * K), message);
  return { ciphertext: join(...u.map((f) => compressed(f, U_BITS)), compressed(v, V_BITS)), secret };
}
