//! Exact fractions: reduced, denominator positive, arithmetic checked and never wrapping.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An exact fraction `num/den`, always reduced and with a positive denominator.
///
/// Intermediate results are 128 bits wide; a result that does not fit 64 bits again is `None`,
/// so a hostile file can make an operation fail but never wrong.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rational {
    num: i64,
    den: i64,
}

/// The text is not a fraction of two integers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a fraction such as 24000/1001")]
pub struct ParseRationalError(pub String);

/// The largest numerator and denominator.
const MAX: u128 = i64::MAX as u128;

impl Rational {
    /// 0/1.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// 1/1.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// The reduced fraction; `None` for a zero denominator or a value that 64 bits cannot hold.
    pub const fn new(num: i64, den: i64) -> Option<Self> {
        Self::from_wide(num as i128, den as i128)
    }

    /// `n/1`.
    pub const fn from_int(n: i64) -> Self {
        Self { num: n, den: 1 }
    }

    /// The reduced fraction of two wide integers; `None` when it does not fit.
    pub const fn from_wide(num: i128, den: i128) -> Option<Self> {
        if den == 0 || num == i128::MIN || den == i128::MIN {
            return None;
        }
        let (size, parts) = (num.unsigned_abs(), den.unsigned_abs());
        if size <= MAX && parts <= MAX {
            // Nearly always; divisions of 128 bits are many times dearer.
            let g = gcd_64(size as u64, parts as u64);
            let (n, d) = ((size as u64 / g) as i64, (parts as u64 / g) as i64);
            let num = if (num < 0) == (den < 0) { n } else { -n };
            return Some(Self { num, den: d });
        }
        let g = gcd(size, parts) as i128;
        let sign = if den < 0 { -1 } else { 1 };
        let (n, d) = (num / g * sign, den / g * sign);
        if n < -(i64::MAX as i128) || n > i64::MAX as i128 || d > i64::MAX as i128 {
            return None;
        }
        Some(Self {
            num: n as i64,
            den: d as i64,
        })
    }

    /// The numerator; carries the sign.
    pub const fn num(self) -> i64 {
        self.num
    }

    /// The denominator; always positive.
    pub const fn den(self) -> i64 {
        self.den
    }

    /// Whether this is a whole number.
    pub const fn is_integer(self) -> bool {
        self.den == 1
    }

    /// Whether this is exactly zero.
    pub const fn is_zero(self) -> bool {
        self.num == 0
    }

    /// Whether this is below zero.
    pub const fn is_negative(self) -> bool {
        self.num < 0
    }

    /// `self + other`; `None` when the exact sum does not fit.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        if other.num == 0 {
            return Some(self);
        }
        if self.num == 0 {
            return Some(other);
        }
        let num = self.num as i128 * other.den as i128 + other.num as i128 * self.den as i128;
        Self::from_wide(num, self.den as i128 * other.den as i128)
    }

    /// `self − other`; `None` when the exact difference does not fit.
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        if self.num == other.num && self.den == other.den {
            return Some(Self::ZERO);
        }
        self.checked_add(Self {
            num: -other.num,
            den: other.den,
        })
    }

    /// `self · other`; `None` when the exact product does not fit.
    pub const fn checked_mul(self, other: Self) -> Option<Self> {
        Self::from_wide(
            self.num as i128 * other.num as i128,
            self.den as i128 * other.den as i128,
        )
    }

    /// `self / other`; `None` for a zero divisor or when the exact quotient does not fit.
    pub const fn checked_div(self, other: Self) -> Option<Self> {
        Self::from_wide(
            self.num as i128 * other.den as i128,
            self.den as i128 * other.num as i128,
        )
    }

    /// The largest integer that is not above this value.
    pub const fn floor(self) -> i64 {
        self.num.div_euclid(self.den)
    }

    /// The nearest 64-bit float: for showing a value and for gains, never for positions.
    pub fn to_f64(self) -> f64 {
        self.num as f64 / self.den as f64
    }

    /// The exact value of a finite float; `None` when it needs more than 64 bits or is not finite.
    pub fn from_f64_exact(x: f64) -> Option<Self> {
        if !x.is_finite() {
            return None;
        }
        let bits = x.to_bits();
        let exponent = ((bits >> 52) & 0x7ff) as i32;
        let fraction = i128::from(bits & ((1 << 52) - 1));
        let (mantissa, shift) = if exponent == 0 {
            (fraction, -1074)
        } else {
            (fraction | 1 << 52, exponent - 1075)
        };
        let mantissa = if x.is_sign_negative() {
            -mantissa
        } else {
            mantissa
        };
        if mantissa == 0 {
            return Some(Self::ZERO);
        }
        let zeros = mantissa.trailing_zeros() as i32;
        let (mantissa, shift) = (mantissa >> zeros, shift + zeros);
        match shift {
            0..=62 => Self::from_wide(mantissa << shift, 1),
            -62..=-1 => Self::from_wide(mantissa, 1 << -shift),
            _ => None,
        }
    }
}

/// Greatest common divisor; `b` is not zero.
const fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b > MAX {
        (a, b) = (b, a % b);
    }
    if b == 0 {
        return a;
    }
    gcd_64(b as u64, (a % b) as u64) as u128
}

/// Greatest common divisor by halving (Stein); one of the two is not zero.
const fn gcd_64(mut a: u64, mut b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let twos = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        if a > b {
            (a, b) = (b, a);
        }
        b -= a;
    }
    a << twos
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = i128::from(self.num) * i128::from(other.den);
        left.cmp(&(i128::from(other.num) * i128::from(self.den)))
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Rational {
    type Err = ParseRationalError;

    /// Reads `n/d` or `n`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || ParseRationalError(text.to_owned());
        let (num, den) = text.trim().split_once('/').unwrap_or((text.trim(), "1"));
        let num: i64 = num.trim().parse().map_err(|_| bad())?;
        let den: i64 = den.trim().parse().map_err(|_| bad())?;
        Self::new(num, den).ok_or_else(bad)
    }
}

impl Serialize for Rational {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rational {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn r(text: &str) -> Rational {
        text.parse().unwrap()
    }

    #[test]
    fn reduces_and_keeps_the_sign_above() {
        assert_eq!(Rational::new(-4, -6).unwrap().to_string(), "2/3");
        assert_eq!(Rational::new(4, -6).unwrap().to_string(), "-2/3");
        assert_eq!(Rational::new(0, -6).unwrap(), Rational::ZERO);
        assert_eq!(Rational::new(1, 0), None);
        assert_eq!(Rational::new(i64::MIN, 1), None);
    }

    #[test]
    fn arithmetic_is_exact_or_absent() {
        assert_eq!(
            r("1001/24000").checked_add(r("1/24")),
            Some(r("2001/24000"))
        );
        assert_eq!(r("1/3").checked_sub(r("1/2")), Some(r("-1/6")));
        assert_eq!(r("2/3").checked_div(r("4/9")), Some(r("3/2")));
        assert_eq!(
            Rational::from_int(i64::MAX).checked_add(Rational::ONE),
            None
        );
        assert_eq!(Rational::ONE.checked_div(Rational::ZERO), None);
        assert_eq!(r("-7/2").floor(), -4);
    }

    #[test]
    fn floats_come_over_exactly_or_not_at_all() {
        assert_eq!(Rational::from_f64_exact(-0.75), Some(r("-3/4")));
        assert_eq!(Rational::from_f64_exact(86400.0), Some(r("86400")));
        assert_eq!(Rational::from_f64_exact(f64::NAN), None);
        assert_eq!(Rational::from_f64_exact(1e300), None);
        assert_eq!(Rational::from_f64_exact(1e-300), None);
    }

    proptest! {
        #[test]
        fn reduces_like_euclid(num in any::<i64>(), den in any::<i64>(), shift in 0_u32..64, factor in 1_i64..1000) {
            let wide = |x: i64| i128::from(x >> shift) * i128::from(factor);
            let (num, den) = (wide(num), wide(den));
            let (mut a, mut b) = (num.unsigned_abs(), den.unsigned_abs());
            while b != 0 {
                (a, b) = (b, a % b);
            }
            let part = |x: i128| x / a as i128 * den.signum();
            let want = (den != 0).then(|| (i64::try_from(part(num)), i64::try_from(part(den))));
            let want = want.and_then(|(num, den)| Some((num.ok()?, den.ok()?)));
            let want = want.filter(|(num, _)| *num != i64::MIN);
            prop_assert_eq!(Rational::from_wide(num, den).map(|x| (x.num(), x.den())), want);
        }

        #[test]
        fn parse_is_the_inverse_of_print(num in -1_000_000_000_i64..1_000_000_000, den in 1_i64..1_000_000) {
            let x = Rational::new(num, den).unwrap();
            prop_assert_eq!(x.to_string().parse::<Rational>().unwrap(), x);
            prop_assert_eq!(x.checked_sub(x), Some(Rational::ZERO));
        }

        #[test]
        fn exact_floats_round_trip(x in -1.0e12_f64..1.0e12) {
            if let Some(exact) = Rational::from_f64_exact(x) {
                prop_assert_eq!(exact.to_f64(), x);
            }
        }
    }
}
