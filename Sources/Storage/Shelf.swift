import Synchronization

/// Values worked out from tables and kept between transactions, such as the tree of units.
///
/// A value is kept under the stamp of the tables it came from. The stamp is read in the same transaction as everything
/// else, and whoever changes the tables writes a fresh random stamp, so a value from a rolled-back or older state is
/// never taken. The stamp must be drawn inside the transaction's closure: a retried closure with the old stamp would
/// find the old value.
public final class Shelf: Sendable {
    private struct Slot: Sendable {
        let stamp: Int64
        let value: any Sendable
    }

    /// A few stamps a type are kept: readers of an older snapshot must not throw out the writers' value and back again.
    private let slots = Mutex<[ObjectIdentifier: [Slot]]>([:])

    public init() {}

    public func value<Value: Sendable>(
        _ type: Value.Type = Value.self, stamp: Int64, make: () throws -> Value
    ) rethrows -> Value {
        let key = ObjectIdentifier(type)
        let kept = slots.withLock { slots in slots[key]?.first { $0.stamp == stamp }?.value }
        if let value = kept as? Value { return value }
        let value = try make()
        slots.withLock { slots in
            slots[key] = [Slot(stamp: stamp, value: value)] + (slots[key] ?? []).filter { $0.stamp != stamp }.prefix(2)
        }
        return value
    }
}
