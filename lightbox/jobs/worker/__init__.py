"""What runs in a worker process: it holds the networks, answers calls, and stops when nobody wants them."""
