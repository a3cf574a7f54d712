using Shared.Contracts.Api;

namespace Relay.Server.Cli.Versions;

/// <summary>What a tag or a note is about: a version, or the model itself where only its name is given.</summary>
/// <param name="Version">Null: the model.</param>
internal sealed record SubjectArgument(string Name, int? Version)
{
    public const string Description = "The name of a model, for the model itself, or a version of it: NAME@VERSION, NAME@ALIAS, NAME@latest.";

    /// <param name="notes">Gets a line where the caller named a version otherwise than by number.</param>
    /// <exception cref="CommandException">The text is of none of the forms.</exception>
    public static async Task<SubjectArgument> ResolveAsync(RelayApi relay, string text, TextWriter notes, CancellationToken cancellationToken)
    {
        if (!VersionArgument.NamesVersion(text))
        {
            return new(text, null);
        }

        ModelVersion version = await VersionArgument.ResolveAsync(relay, text, notes, cancellationToken);
        return new(version.Name, version.Version);
    }

    public override string ToString() => Version is { } number ? FormattableString.Invariant($"{Name} {number}") : Name;
}
