"""From what microphones and cameras give to who speaks: pure cores, owned by the engine's thread."""
