using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Sync.Client.Hosting;

/// <summary>Checks the keys of a configuration section, since a key with a typing error would leave its option as it is by default.</summary>
internal static class ConfigurationKeys
{
    private const int MaxEdits = 2;

    /// <exception cref="OptionsValidationException">The section does not exist, or has a key that is no option: the message says which one was
    /// meant.</exception>
    public static void ThrowIfUnknown(IConfiguration configuration)
    {
        string[] errors = [.. FindErrors(configuration)];
        if (errors.Length > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(RelaySyncOptions), errors);
        }
    }

    private static IEnumerable<string> FindErrors(IConfiguration configuration)
    {
        if (configuration is IConfigurationSection section && !section.Exists())
        {
            yield return $"The configuration has no section '{section.Path}': AddRelaySync was called with it.";
            yield break;
        }

        string[] names = [.. OptionsDifference.Names.Order(StringComparer.Ordinal)];
        foreach (IConfigurationSection key in configuration.GetChildren().Where(key => !names.Contains(key.Key, StringComparer.OrdinalIgnoreCase)))
        {
            string? meant = names.FirstOrDefault(name => CountEdits(name.ToUpperInvariant(), key.Key.ToUpperInvariant()) <= MaxEdits);
            yield return $"The configuration has '{key.Path}', which is no option of a node: " +
                (meant is null ? $"use one of {string.Join(", ", names)}." : $"write {meant} in its place.");
        }
    }

    // The distance of Levenshtein.
    private static int CountEdits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 0; i < from.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i + 1);
            for (int j = 0; j < to.Length; j++)
            {
                (diagonal, row[j + 1]) = (row[j + 1], Math.Min(Math.Min(row[j], row[j + 1]) + 1, diagonal + (from[i] == to[j] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
