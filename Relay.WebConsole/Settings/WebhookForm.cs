namespace Relay.WebConsole.Settings;

/// <summary>The form of a new webhook as it was filled in.</summary>
/// <param name="Error">What to correct; null: nothing yet.</param>
public sealed record WebhookForm(string Name, string Url, IReadOnlyList<string> Events, string? Error)
{
    public WebhookForm()
        : this("", "", [], null)
    {
    }
}
