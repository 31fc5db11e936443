"""Room: assessment."""
