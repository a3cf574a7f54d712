namespace Relay.WebConsole.Audit;

/// <summary>What the chain of an audit log is.</summary>
/// <param name="Hash">Of the last entry.</param>
/// <param name="Error">What is wrong; null when every entry follows the one before.</param>
public sealed record ChainResult(long Entries, string Hash, string? Error);
