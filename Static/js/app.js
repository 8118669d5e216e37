// Entry. Every module only makes better what already works without it.
import "./live.js";
import "./copy.js";
