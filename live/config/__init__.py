"""Rigs and scenes: frozen typed models, read once, every fault reported together."""
