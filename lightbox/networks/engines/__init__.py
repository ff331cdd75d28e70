"""What loads torch and torchvision while it is imported."""
