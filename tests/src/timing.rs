//! Whether two kinds of requests take the same time: Welch's t-test over samples without outliers, as dudect
//! does it (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?", 2017).

/// Beyond this t two kinds are told apart.
pub const LIMIT: f64 = 4.5;

/// How many thresholds outliers are cropped at.
const CROPS: u32 = 100;

/// A crop says something if at least so many samples of each kind are left.
const FEWEST: usize = 1_000;

/// The mean and variance of samples, one after the other (Welford 1962).
#[derive(Clone, Copy, Default)]
struct Moments {
    count: usize,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn of(samples: impl Iterator<Item = f64>) -> Self {
        samples.fold(Self::default(), |mut moments, sample| {
            moments.count += 1;
            let distance = sample - moments.mean;
            moments.mean += distance / moments.count as f64;
            moments.squares += distance * (sample - moments.mean);
            moments
        })
    }

    /// The square of the standard error of the mean.
    fn error(self) -> f64 {
        self.squares / (self.count as f64 - 1.0) / self.count as f64
    }
}

/// Returns Welch's t (1947) of two kinds of samples, without those at or above a threshold. None if too few
/// are left.
fn welch(kinds: [&[f64]; 2], below: f64) -> Option<f64> {
    let [one, other] =
        kinds.map(|kind| Moments::of(kind.iter().copied().filter(|sample| *sample < below)));
    let error = (one.error() + other.error()).sqrt();
    let enough = one.count.min(other.count) >= FEWEST;
    (enough && error > 0.0).then(|| (one.mean - other.mean) / error)
}

/// Returns the t that is farthest from zero, of all samples and of each crop. The thresholds are quantiles of
/// both kinds together, denser where samples are fast.
///
/// # Panics
///
/// If a kind has too few samples.
#[track_caller]
pub fn farthest_t(kinds: [&[f64]; 2]) -> f64 {
    let mut all: Vec<f64> = kinds.concat();
    all.sort_by(f64::total_cmp);
    let quantile = |crop: u32| {
        let part = 1.0 - 0.5_f64.powf(10.0 * f64::from(crop) / f64::from(CROPS));
        all[(part * all.len() as f64) as usize]
    };
    let thresholds = (1..=CROPS).map(quantile).chain([f64::INFINITY]);
    let farthest = thresholds
        .filter_map(|below| welch(kinds, below))
        .max_by(|one, other| one.abs().total_cmp(&other.abs()));
    farthest.expect("enough samples of both kinds")
}

/// Returns the smallest of some differences that would be found between samples like these: half of them are
/// made slower by it and compared with the other half.
pub fn found_from(samples: &[f64], differences: &[f64]) -> Option<f64> {
    let half = |rest: usize| {
        samples.iter().enumerate().filter(move |(at, _)| at % 2 == rest).map(|(_, sample)| *sample)
    };
    let same: Vec<f64> = half(0).collect();
    differences.iter().copied().find(|difference| {
        let slower: Vec<f64> = half(1).map(|sample| sample + difference).collect();
        farthest_t([&same, &slower]).abs() > LIMIT
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Times like those of requests: most are alike, a few take very long. The same in every run.
    fn samples(seed: u64, plus: f64) -> Vec<f64> {
        let mut state = seed;
        let mut uniform = move || {
            // SplitMix64 (Steele, Lea, Flood 2014).
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut bits = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        };
        (0..10_000)
            .map(|_| {
                let usual = 200.0 + 40.0 * (uniform() + uniform() + uniform());
                let outlier = if uniform() < 0.02 { 20_000.0 * uniform() } else { 0.0 };
                usual + outlier + plus
            })
            .collect()
    }

    #[test]
    fn samples_of_one_kind_are_not_told_apart() {
        for seed in 1..=10 {
            let t = farthest_t([&samples(seed, 0.0), &samples(seed + 100, 0.0)]);
            assert!(t.abs() < LIMIT, "seed {seed}: {t}");
        }
    }

    #[test]
    fn a_planted_difference_is_found_below_the_noise() {
        for seed in 1..=10 {
            let kinds = [&samples(seed, 3.0)[..], &samples(seed + 100, 0.0)];
            assert!(farthest_t(kinds) > LIMIT, "seed {seed}");
            // With the outliers it drowns.
            let all = welch(kinds, f64::INFINITY).expect("enough");
            assert!(all.abs() < LIMIT, "seed {seed}: {all}");
        }
    }

    #[test]
    fn t_is_that_of_the_definition() {
        let kinds: [Vec<f64>; 2] = [(0..1_000).collect(), (0..2_000).collect::<Vec<i32>>()]
            .map(|kind: Vec<i32>| kind.into_iter().map(|sample| f64::from(sample % 10)).collect());
        let t = welch([&kinds[0], &kinds[1]], f64::INFINITY).expect("enough");
        assert!(t.abs() < 1e-9, "{t}");
        let later: Vec<f64> = kinds[0].iter().map(|sample| sample + 1.0).collect();
        // Variance 8.25 · 1000/999 on both sides: 1 / √(2 · 8.25/999).
        let t = welch([&later, &kinds[0]], f64::INFINITY).expect("enough");
        assert!((t - 1.0 / (16.5_f64 / 999.0).sqrt()).abs() < 1e-9, "{t}");
        assert_eq!(welch([&later[..999], &kinds[0]], f64::INFINITY), None);
    }

    #[test]
    fn what_would_be_found_is_told() {
        let found = found_from(&samples(1, 0.0), &[0.001, 20.0, 2_000.0]);
        assert_eq!(found, Some(20.0));
        assert_eq!(found_from(&samples(1, 0.0), &[0.001]), None);
    }
}
