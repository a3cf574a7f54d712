using System.Globalization;
using Microsoft.AspNetCore.Http;
using Relay.AdminClient;
using Relay.WebConsole.Access;

namespace Relay.WebConsole.Components;

/// <summary>What a user has filled into a form, and what the relay says of it: for showing the form once more.</summary>
public sealed record FilledForm
{
    /// <summary>The field of <see cref="StateOf"/>.</summary>
    public const string StateField = "seen";

    /// <summary>A new form.</summary>
    public static FilledForm Empty { get; } = new();

    /// <summary>What does not work, in a sentence; null: nothing was refused.</summary>
    public string? Problem { get; init; }

    /// <summary>What is expected of a part, by its path.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>What was typed, by the name of the field.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    internal static FilledForm From(IFormCollection form, RelayException refused) =>
        From(form, refused.Message.Split('\n')[0]) with { Errors = refused.Errors };

    internal static FilledForm From(IFormCollection form, string problem) => new()
    {
        Problem = problem,
        Values = form.Where(field => field.Key != CsrfCheck.Field)
            .ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal),
    };

    /// <summary>What was typed into a field.</summary>
    /// <param name="otherwise">What stands in a new form.</param>
    public string Value(string name, string otherwise = "") => Values.TryGetValue(name, out string? value) ? value : otherwise;

    /// <summary>What a form names as the state that it was filled in from, so that no change of another is overwritten unseen.</summary>
    /// <param name="changedAt">Null where there was nothing.</param>
    internal static string StateOf(DateTimeOffset? changedAt) => changedAt?.UtcTicks.ToString(CultureInfo.InvariantCulture) ?? "none";

    /// <summary>Whether what a form changes has been changed since the form was shown.</summary>
    internal static bool IsOutdated(IFormCollection form, DateTimeOffset? changedAt) =>
        form[StateField].ToString() is { Length: > 0 } seen && seen != StateOf(changedAt);

    /// <summary>Whether a box was ticked.</summary>
    public bool IsTicked(string name) => Values.ContainsKey(name);
}
