using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Relay.AdminClient;
using Relay.WebConsole.Access;

namespace Relay.WebConsole.Forms;

/// <summary>What a user has filled into a form, and what the relay says of it: for showing the form once more.</summary>
public sealed record FilledForm
{
    /// <summary>The field of <see cref="StateOf"/>.</summary>
    public const string StateField = "seen";

    /// <summary>A new form.</summary>
    public static FilledForm Empty { get; } = new();

    private const int StateBytes = 8;
    private const string SchemaChangeProblem = "urn:relay:problem:schema-change";

    /// <summary>What does not work, in a sentence; null: nothing was refused.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether inputs, classes or task change, which a person may accept.</summary>
    public bool AsksForSchemaChange { get; init; }

    /// <summary>What is expected of a part, by its path.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>What was typed, by the name of the field.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>As it was sent, without the token of the session.</summary>
    internal static FilledForm From(IFormCollection form) => new()
    {
        Values = form.Where(field => field.Key != CsrfCheck.Field)
            .ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal),
    };

    internal static FilledForm From(IFormCollection form, RelayException refused) => From(form) with
    {
        Problem = refused.Errors.Count > 0 ? refused.Message.Split('\n')[0] : refused.Message,
        Errors = refused.Errors,
        AsksForSchemaChange = refused.Type == SchemaChangeProblem,
    };

    /// <summary>What was typed into a field.</summary>
    /// <param name="otherwise">What stands in a new form.</param>
    public string Value(string name, string otherwise = "") => Values.TryGetValue(name, out string? value) ? value : otherwise;

    /// <summary>What a form names as the state that it was filled in from, so that no change of another is overwritten unseen.</summary>
    /// <param name="changedAt">Null where there was nothing.</param>
    internal static string StateOf(DateTimeOffset? changedAt) => changedAt?.UtcTicks.ToString(CultureInfo.InvariantCulture) ?? "none";

    /// <summary>The same for what has no time of its last change.</summary>
    internal static string StateOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, StateBytes));

    /// <summary>Whether what a form changes has been changed since the form was shown.</summary>
    /// <param name="state">As it is now.</param>
    internal static bool IsOutdated(IFormCollection form, string state) => form[StateField].ToString() is { Length: > 0 } seen && seen != state;

    /// <summary>Whether a box of several of one name was ticked. Their values have no comma.</summary>
    public bool IsChosen(string name, string value) => Value(name).Split(',').Contains(value, StringComparer.Ordinal);

    /// <summary>Whether a box was ticked.</summary>
    public bool IsTicked(string name) => Values.ContainsKey(name);
}
