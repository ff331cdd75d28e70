"""What every page shares: the way in, the notice, errors, the address, the jobs that a session waits for."""
