//! Things with numbers.

/// Things that came in any order, in the order of their numbers, which begin with 0 and are close to each other. Of those with one
/// number, the last.
#[must_use]
pub fn in_order<T>(numbered: impl IntoIterator<Item = (usize, T)>) -> Vec<T> {
    let mut places: Vec<Option<T>> = Vec::new();
    for (number, thing) in numbered {
        if places.len() <= number {
            places.resize_with(number + 1, || None);
        }
        if let Some(place) = places.get_mut(number) {
            *place = Some(thing);
        }
    }
    places.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn things_are_in_the_order_of_their_numbers() {
        assert_eq!(in_order([(3, 'd'), (0, 'a'), (1, 'b')]), ['a', 'b', 'd']);
        assert!(in_order::<u8>([]).is_empty());
    }
}
