//! The search: breadth first over all states, each once.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use crate::act::{Act, Model};
use crate::invariants::Fault;
use crate::world::World;

/// The result of a search.
pub(crate) struct Found {
    /// How many states were reached.
    pub(crate) states: usize,
    /// The shortest acts to a broken invariant.
    pub(crate) counterexample: Option<(Vec<Act>, Fault)>,
}

/// FNV-1a with a multiplication more for each word: fast without optimisation.
#[derive(Default)]
pub(crate) struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }
    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }
    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }
    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
    fn write_u64(&mut self, value: u64) {
        let mixed = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

/// Returns 128 bits that stand for a state: two are never the same in practice.
fn fingerprint(world: &World) -> u128 {
    let half = |start: u64| {
        let mut mix = Mix(start);
        world.hash(&mut mix);
        u128::from(mix.finish())
    };
    half(0x243f_6a88_85a3_08d3) << 64 | half(0x1319_8a2e_0370_7344)
}

/// Walks from a state to all that at most `depth` acts reach, until an invariant breaks.
///
/// States of the last level are checked and counted, not stored.
pub(crate) fn search(model: &mut Model, start: &World, depth: usize) -> Found {
    let mut seen: HashSet<u128, BuildHasherDefault<Mix>> = HashSet::default();
    // Each act with the place of the one before it.
    let mut trail: Vec<(usize, Act)> = Vec::new();
    let mut frontier = vec![(usize::MAX, start.clone())];
    seen.insert(fingerprint(start));
    for level in 1..=depth {
        let mut next = Vec::new();
        for (place, world) in &frontier {
            for act in model.acts(world) {
                let (reached, fault) = model.perform(world, act);
                let new = fault.is_some() || seen.insert(fingerprint(&reached));
                let fault = match fault {
                    None if new && !model.setting.lying => model.settle(&reached),
                    None if new && model.setting.turns_honest => model.turns_honest(&reached),
                    fault => fault,
                };
                if let Some(fault) = fault {
                    let acts = way(&trail, *place, act);
                    return Found { states: seen.len(), counterexample: Some((acts, fault)) };
                }
                if new && level < depth {
                    trail.push((*place, act));
                    next.push((trail.len() - 1, reached));
                }
            }
        }
        frontier = next;
    }
    Found { states: seen.len(), counterexample: None }
}

/// Returns the acts that led to a place of the trail, and the last one.
fn way(trail: &[(usize, Act)], mut place: usize, last: Act) -> Vec<Act> {
    let mut acts = vec![last];
    while let Some((before, act)) = trail.get(place) {
        acts.push(*act);
        place = *before;
    }
    acts.reverse();
    acts
}
