namespace Relay.Server.Cli.Configuration;

/// <summary>A setting that a file or the environment gives.</summary>
/// <param name="Name">The name of its option without dashes, in any case: <c>MaxNodes</c> is that of <c>--max-nodes</c>.</param>
/// <param name="Values">One value, or those of a list.</param>
/// <param name="Source">Where it stands, as messages name it.</param>
internal sealed record Setting(string Name, IReadOnlyList<string> Values, string Source)
{
    /// <summary>The name of the setting that an option has in a file.</summary>
    /// <param name="option">Such as <c>--max-nodes</c>.</param>
    public static string NameFor(string option) =>
        string.Concat(option.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>The environment variable of a setting.</summary>
    public static string VariableFor(string option) => SettingSources.Prefix + NameFor(option).ToUpperInvariant();
}
