"""What a person touches: Qt Widgets and the command line."""
