//! Choices come from the seed, identifiers from the run.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use ring::digest::{SHA256, digest};

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

/// The generator of the choices of one cell. It depends on the seed and the cell alone, so that a cell which is run
/// alone chooses as in the whole run.
#[must_use]
pub fn cell_rng(seed: u64, cell: &str) -> ChaCha8Rng {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    hasher.write(&seed.to_le_bytes());
    hasher.write(cell.as_bytes());
    ChaCha8Rng::seed_from_u64(hasher.finish())
}

/// The generator of the identifiers that one attempt of a cell sends, such as Order UUIDs. It depends on the run, the cell
/// and the attempt, so that no other run sends any of them. `attempt` counts from 0.
#[must_use]
pub(super) fn identifier_rng(run_id: &str, cell: &str, attempt: u32) -> ChaCha8Rng {
    let source = digest(&SHA256, format!("{run_id}\n{cell}\n{attempt}").as_bytes());
    let mut seed = [0; 32];
    seed.iter_mut().zip(source.as_ref()).for_each(|(byte, random)| *byte = *random);
    ChaCha8Rng::from_seed(seed)
}

/// A fresh UUID (version 4) that identifies a run.
pub(super) fn fresh_run_id() -> String {
    // The keys of each of these hashers come from the random source of the system.
    let random = || RandomState::new().build_hasher().finish();
    let bytes = (u128::from(random()) << 64) | u128::from(random());
    uuid::Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use rand::RngExt as _;

    use super::{cell_rng, fresh_run_id, identifier_rng};

    #[test]
    fn identifiers_depend_on_run_cell_and_attempt() {
        let first = |run_id: &str, cell: &str, attempt: u32| identifier_rng(run_id, cell, attempt).random::<u128>();
        let plain = first("run", "feature/test", 0);
        assert_eq!(plain, first("run", "feature/test", 0));
        for other in
            [first("other", "feature/test", 0), first("run", "feature/other", 0), first("run", "feature/test", 1)]
        {
            assert_ne!(plain, other);
        }
    }

    #[test]
    fn choices_depend_on_the_seed_and_the_cell_alone() {
        let first = |seed: u64, cell: &str| cell_rng(seed, cell).random::<u64>();
        assert_eq!(first(1, "feature/test"), first(1, "feature/test"));
        assert_ne!(first(1, "feature/test"), first(2, "feature/test"));
        assert_ne!(first(1, "feature/test"), first(1, "feature/other"));
    }

    #[test]
    fn every_run_has_an_identifier_of_its_own() {
        let (one, other) = (fresh_run_id(), fresh_run_id());
        assert_ne!(one, other);
        let parsed = uuid::Uuid::parse_str(&one).unwrap();
        assert_eq!(parsed.get_version(), Some(uuid::Version::Random));
    }
}
