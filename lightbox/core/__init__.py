"""What every other room stands on: errors, registry, settings, tasks, logs. Standard library only."""
