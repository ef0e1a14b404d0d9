"""What a household may be entitled to, how much, and why."""
