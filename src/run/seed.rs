//! Everything random comes from one seed.

use std::hash::Hasher as _;

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

/// FNV-1a: the same on every machine and in every version, which the standard library's hasher does not promise.
#[derive(Debug)]
struct Fnv(u64);

impl std::hash::Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

/// The generator of one cell: it depends on the seed and the cell alone, so that a cell which is run by itself does
/// what it did among others.
#[must_use]
pub fn cell_rng(seed: u64, cell: &str) -> ChaCha8Rng {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    hasher.write(&seed.to_le_bytes());
    hasher.write(cell.as_bytes());
    ChaCha8Rng::seed_from_u64(hasher.finish())
}
