"""The yearly refresh: what becomes of everything that a plan year promised, and the plan year that follows from it."""
