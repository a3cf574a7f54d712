namespace Demo;

/// <summary>Something that the demonstration promised did not hold; the message says what.</summary>
internal sealed class DemoException(string message) : Exception(message);
