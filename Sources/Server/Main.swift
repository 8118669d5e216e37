import ArgumentParser
import Jarshy
@main struct Main: ParsableCommand {}
