"""Compare: what can be chosen there, the scan with its answers, what can be taken away."""
