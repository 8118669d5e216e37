/// A Kazakh ordinal in digits: "38-ші", "40-шы". The ending follows the last word of the number as it is spoken.
///
/// CLDR's rule for Kazakh ordinals looks at the last digit only and is wrong for 50, 70, 80, 100 and their like.
public func kazakhOrdinal(_ number: Int) -> String {
    "\(number)-\(kazakhOrdinalEnding(number))"
}

/// "шы" after a word with back vowels, "ші" after one with front vowels.
public func kazakhOrdinalEnding(_ number: Int) -> String {
    let n = number.magnitude
    if n == 0 { return "ші" }  // нөл
    if n % 10 != 0 {
        // алты, тоғыз; the other digits have front vowels.
        return n % 10 == 6 || n % 10 == 9 ? "шы" : "ші"
    }
    if n % 100 != 0 {
        // елу, жетпіс, сексен have front vowels; он, жиырма, отыз, қырық, алпыс, тоқсан back ones.
        return [50, 70, 80].contains(n % 100) ? "ші" : "шы"
    }
    return n % 1000 != 0 ? "ші" : "шы"  // жүз; мың, миллион, миллиард
}
