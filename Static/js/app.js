// Entry. Every module only makes better what already works without it.
import "./live.js";
import "./asked.js";
import "./copy.js";
