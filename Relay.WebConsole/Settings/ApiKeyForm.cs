namespace Relay.WebConsole.Settings;

/// <summary>The form of a new API key as it was filled in.</summary>
/// <param name="Expires">A day, or empty.</param>
/// <param name="Error">What to correct; null: nothing yet.</param>
public sealed record ApiKeyForm(string Name = "", string Role = "auditor", string Owner = "", string Expires = "", string? Error = null);
