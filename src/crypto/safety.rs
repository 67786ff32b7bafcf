//! The safety number: what two people read to each other to learn that each has the other's keys.

use mysafe_protocol::{Context, UserId};

use super::seal::derive;

/// Twelve groups of five digits, the same for both.
pub fn safety_number(one: &UserId, other: &UserId) -> [String; 12] {
    let (smaller, greater) = if one <= other { (one, other) } else { (other, one) };
    let bytes = derive::<60>(&[smaller.0, greater.0].concat(), &Context::safety_number());
    std::array::from_fn(|group| {
        let five = &bytes[group * 5..][..5];
        let number = five.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{:05}", number % 100_000)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_for_both_and_another_for_anybody_else() {
        let [ana, bea, cho] = [1, 2, 3].map(|byte| UserId([byte; 32]));
        let number = safety_number(&ana, &bea);
        assert_eq!(number, safety_number(&bea, &ana));
        assert!(number.iter().all(|group| group.len() == 5 && group.parse::<u32>().is_ok()));
        assert_ne!(number, safety_number(&ana, &cho));
        assert_ne!(number, safety_number(&cho, &bea));
    }
}
