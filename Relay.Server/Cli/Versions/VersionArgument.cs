using System.Globalization;
using Relay.Server.Models.Aliases;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Versions;

/// <summary>An argument that names a version: by the model alone for its latest, by number or by alias. MLflow's URIs are taken as well.</summary>
internal static class VersionArgument
{
    public const string Description = "The name of a model, for its latest version, or NAME@VERSION, or NAME@ALIAS.";

    private const string MlflowScheme = "models:/";

    /// <summary>True for a text that says which version, and does not only name a model.</summary>
    public static bool NamesVersion(string text) => text.Contains('@', StringComparison.Ordinal) || IsUri(text);

    /// <summary>A version by its number: for what cannot be undone, nothing else says which one.</summary>
    /// <exception cref="CommandException">The text names no number.</exception>
    public static ModelVersion ParseNumbered(string text)
    {
        (string name, string? wanted) = Split(text);
        return wanted is not null && AliasName.IsNumber(wanted)
            && int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new ModelVersion(name, number)
            : throw new CommandException(DisplayText.Format($"'{text}' is not NAME@VERSION with a version number."));
    }

    /// <param name="notes">Gets a line for each version that the caller did not name by number.</param>
    /// <exception cref="CommandException">A text is of none of the forms, or a model has no version.</exception>
    public static async Task<IReadOnlyList<ModelVersion>> ResolveAllAsync(
        RelayApi relay, IEnumerable<string> texts, TextWriter notes, CancellationToken cancellationToken)
    {
        List<ModelVersion> versions = [];
        foreach (string text in texts)
        {
            versions.Add(await ResolveAsync(relay, text, notes, cancellationToken));
        }

        return versions;
    }

    /// <param name="notes">Gets a line where the caller did not name the version by number.</param>
    /// <exception cref="CommandException">The text is of none of the forms, or the model has no version.</exception>
    public static async Task<ModelVersion> ResolveAsync(RelayApi relay, string text, TextWriter notes, CancellationToken cancellationToken)
    {
        (string name, string? wanted) = Split(text);
        if (wanted is null)
        {
            return await FindLatestAsync(relay, name, cancellationToken);
        }

        if (AliasName.IsNumber(wanted))
        {
            return int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? new ModelVersion(name, number)
                : throw new CommandException(DisplayText.Format($"'{text}' is not NAME@VERSION with a version number."));
        }

        if (wanted == AliasName.Latest)
        {
            ModelVersion latest = await FindLatestAsync(relay, name, cancellationToken);
            await notes.WriteLineAsync(DisplayText.Format($"{text} is {latest.Name} {latest.Version}"));
            return latest;
        }

        if (!AliasName.IsValid(wanted))
        {
            throw new CommandException(DisplayText.Format(
                $"'{text}' is not NAME@VERSION with a version number, nor NAME@ALIAS with an alias of {RelayName.Rule}."));
        }

        AliasView alias = await relay.Client.Aliases.FindAsync(name, wanted, at: null, cancellationToken);
        await notes.WriteLineAsync(
            DisplayText.Format($"{text} is {alias.Model} {alias.Version}, since {alias.SetAt:u}") + (alias.Revoked ? ", REVOKED" : ""));
        return new ModelVersion(alias.Model, alias.Version);
    }

    private static (string Name, string? Version) Split(string text)
    {
        if (!IsUri(text))
        {
            string[] parts = text.Split('@', 2);
            return (parts[0], parts.ElementAtOrDefault(1));
        }

        // models:/NAME@ALIAS, models:/NAME/VERSION, models:/NAME/latest
        string[] named = text[MlflowScheme.Length..].Split(['@', '/'], 2);
        return named.Length == 2
            ? (named[0], named[1])
            : throw new CommandException(DisplayText.Format($"'{text}' names no version: models:/NAME@ALIAS or models:/NAME/VERSION."));
    }

    private static bool IsUri(string text) => text.StartsWith(MlflowScheme, StringComparison.Ordinal);

    private static async Task<ModelVersion> FindLatestAsync(RelayApi relay, string name, CancellationToken cancellationToken)
    {
        ModelView model = await relay.Client.Models.FindAsync(name, cancellationToken);
        return model.LatestVersion is { } latest
            ? new ModelVersion(name, latest)
            : throw new CommandException(DisplayText.Format($"The model '{name}' has no version yet: train it first."));
    }
}
