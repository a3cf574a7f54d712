namespace Demo;

/// <summary>A step of the demonstration failed; the message says which and why.</summary>
internal sealed class DemoException(string message) : Exception(message);
