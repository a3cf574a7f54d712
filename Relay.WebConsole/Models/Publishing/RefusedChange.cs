using Relay.WebConsole.Forms;

namespace Relay.WebConsole.Models.Publishing;

/// <summary>A form of the page of a version that the relay refused.</summary>
/// <param name="Action">The last part of its path; empty for none.</param>
public sealed record RefusedChange(string Action, FilledForm Form)
{
    public static RefusedChange None { get; } = new("", FilledForm.Empty);

    /// <summary>What was filled into a form.</summary>
    public FilledForm FormOf(string action) => Action == action ? Form : FilledForm.Empty;
}
