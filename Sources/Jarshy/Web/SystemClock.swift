import JarshyKit

import struct Foundation.Date

/// The machine's clock: the one place that asks what time it is.
struct SystemClock: JarshyKit.Clock {
    var now: Instant { Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down))) }
}
