"""Room: method."""
