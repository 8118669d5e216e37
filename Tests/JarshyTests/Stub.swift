import Testing
import HummingbirdTesting
@testable import Jarshy
