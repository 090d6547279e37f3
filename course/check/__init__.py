"""What a student's program is checked with: the tests of its chapter."""
