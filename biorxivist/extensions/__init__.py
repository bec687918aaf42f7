"""What a run does beside its feed."""
