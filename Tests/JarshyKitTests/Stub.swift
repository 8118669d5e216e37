import Testing
@testable import JarshyKit
