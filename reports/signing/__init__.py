"""Keys, signatures, time stamps, and what keeps them provable for years."""
