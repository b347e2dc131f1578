//! Whether two samples come from the same distribution.

/// Two samples compared in three ways.
#[derive(Clone, Copy, Debug)]
pub struct Comparison {
    /// Welch's t of the samples without their slowest tenth, which is the machine's doing. Beyond ±4.5 is the
    /// usual threshold of leakage tests.
    pub t: f64,
    /// Probability that Mann and Whitney's ranks differ as much by chance.
    pub mann_whitney: f64,
    /// Probability that Kolmogorov and Smirnov's distributions differ as much by chance.
    pub kolmogorov_smirnov: f64,
}

impl Comparison {
    /// Compares two samples of at least two values each.
    pub fn of(one: &[f64], other: &[f64]) -> Self {
        let mut pooled: Vec<(f64, bool)> = one
            .iter()
            .map(|value| (*value, true))
            .chain(other.iter().map(|value| (*value, false)))
            .collect();
        pooled.sort_by(|a, b| a.0.total_cmp(&b.0));
        let most = pooled[(pooled.len() - 1) * 9 / 10].0;
        let fast = |sample: &[f64]| -> Vec<f64> {
            sample
                .iter()
                .copied()
                .filter(|value| *value <= most)
                .collect()
        };
        let sizes = (one.len() as f64, other.len() as f64);
        Self {
            t: welch(&fast(one), &fast(other)),
            mann_whitney: mann_whitney(&pooled, sizes),
            kolmogorov_smirnov: kolmogorov_smirnov(&pooled, sizes),
        }
    }

    /// Whether either rank test would still call them the same at one in a thousand.
    pub fn alike(&self) -> bool {
        self.mann_whitney > 1e-3 && self.kolmogorov_smirnov > 1e-3
    }
}

fn welch(one: &[f64], other: &[f64]) -> f64 {
    let moments = |sample: &[f64]| {
        let size = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / size;
        let squares: f64 = sample.iter().map(|value| (value - mean).powi(2)).sum();
        (mean, squares / (size - 1.0) / size)
    };
    let ((mean, error), (other_mean, other_error)) = (moments(one), moments(other));
    (mean - other_mean) / (error + other_error).sqrt()
}

/// The normal approximation, corrected for ties.
fn mann_whitney(pooled: &[(f64, bool)], (n, m): (f64, f64)) -> f64 {
    let mut rank = 0.0;
    let mut rank_sum = 0.0;
    let mut ties = 0.0;
    for tied in pooled.chunk_by(|a, b| a.0 == b.0) {
        let size = tied.len() as f64;
        let mean_rank = rank + (size + 1.0) / 2.0;
        rank_sum += mean_rank * tied.iter().filter(|(_, first)| *first).count() as f64;
        rank += size;
        ties += size.powi(3) - size;
    }
    let all = n + m;
    let u = rank_sum - n * (n + 1.0) / 2.0;
    let variance = n * m / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    erfc((u - n * m / 2.0).abs() / variance.sqrt() / std::f64::consts::SQRT_2)
}

/// The asymptotic distribution.
fn kolmogorov_smirnov(pooled: &[(f64, bool)], (n, m): (f64, f64)) -> f64 {
    let (mut below, mut other_below, mut widest) = (0.0, 0.0, 0.0_f64);
    for tied in pooled.chunk_by(|a, b| a.0 == b.0) {
        let of_first = tied.iter().filter(|(_, first)| *first).count() as f64;
        below += of_first / n;
        other_below += (tied.len() as f64 - of_first) / m;
        widest = widest.max((below - other_below).abs());
    }
    let size = (n * m / (n + m)).sqrt();
    let lambda = (size + 0.12 + 0.11 / size) * widest;
    if lambda < 0.2 {
        return 1.0;
    }
    let sum: f64 = (1..=100)
        .map(|k| {
            let k = f64::from(k);
            let sign = if k % 2.0 == 1.0 { 2.0 } else { -2.0 };
            sign * (-2.0 * k * k * lambda * lambda).exp()
        })
        .sum();
    sum.clamp(0.0, 1.0)
}

/// The complementary error function of what is not negative: by the series where that converges quickly, by the
/// continued fraction beyond.
fn erfc(x: f64) -> f64 {
    if x < 2.0 {
        // Taylor's series of erf.
        let mut term = x;
        let mut sum = x;
        for n in 1..80 {
            let n = f64::from(n);
            term *= -x * x / n;
            sum += term / (2.0 * n + 1.0);
        }
        return 1.0 - std::f64::consts::FRAC_2_SQRT_PI * sum;
    }
    // Laplace's continued fraction, from the inside.
    let fraction = (1..=60)
        .rev()
        .fold(x, |inner, k| x + f64::from(k) / 2.0 / inner);
    (-x * x).exp() / fraction * std::f64::consts::FRAC_2_SQRT_PI / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn erfc_is_as_tabulated() {
        for (x, value) in [
            (0.0, 1.0),
            (0.5, 0.479_500_122_2),
            (1.0, 0.157_299_207_1),
            (1.999, 0.004_700_9),
            (2.0, 0.004_677_734_98),
            (3.0, 2.209_049_7e-5),
        ] {
            let found = erfc(x);
            assert!((found - value).abs() <= 2e-3 * value, "{x}: {found}");
        }
    }

    #[test]
    fn the_same_is_alike_and_a_shift_is_not() {
        // A sequence that wanders without a pattern: multiples of the golden ratio, less their whole part.
        let even = |from: u32, shift: f64| -> Vec<f64> {
            (from..from + 2000)
                .map(|n| (f64::from(n) * 0.618_033_988_75).fract() * 100.0 + shift)
                .collect()
        };
        let alike = Comparison::of(&even(0, 0.0), &even(5000, 0.0));
        assert!(alike.alike() && alike.t.abs() < 3.0, "{alike:?}");
        let shifted = Comparison::of(&even(0, 0.0), &even(5000, 10.0));
        assert!(!shifted.alike() && shifted.t < -4.5, "{shifted:?}");
        assert!(shifted.mann_whitney < 1e-6 && shifted.kolmogorov_smirnov < 1e-6);
    }

    #[test]
    fn what_never_varies_is_alike() {
        let constant = Comparison::of(&[1.0; 10], &[1.0; 10]);
        assert_eq!(constant.mann_whitney, 1.0);
        assert_eq!(constant.kolmogorov_smirnov, 1.0);
    }
}
