/// A moment: milliseconds since 1970-01-01T00:00:00Z. Columns of this kind end in `_at`.
public struct Instant: Hashable, Sendable, Comparable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    public func advanced(seconds: Int64) -> Instant { Instant(milliseconds: milliseconds + seconds * 1000) }

    /// Whole seconds from `earlier` to here; negative when `earlier` is later.
    public func seconds(since earlier: Instant) -> Int64 { (milliseconds - earlier.milliseconds) / 1000 }
}

/// Where the time comes from. Rules take an `Instant`; only the outermost layer asks a clock.
public protocol Clock: Sendable {
    var now: Instant { get }
}

/// A clock that stands where it is put: for tests, the demo and the benchmarks.
public struct FixedClock: Clock {
    public let now: Instant
    public init(_ now: Instant) { self.now = now }
}
