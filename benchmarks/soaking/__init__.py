"""The parts of `benchmarks.soak`: what is asked, who asks it, and how an answer is judged."""
