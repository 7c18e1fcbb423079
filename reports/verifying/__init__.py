"""What a signed file proves: of ours or of anybody's, without a network and without a crash."""
