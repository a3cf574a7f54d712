using System.Diagnostics.CodeAnalysis;

namespace TufConformance;

/// <summary>The command line that the suite's CLIENT-CLI.md prescribes.</summary>
/// <param name="TrustedRoot">For <c>init</c> only.</param>
internal sealed record ClientArguments(
    string Command, string MetadataFolder, string? TrustedRoot, Uri? Metadata, Uri? Targets, string? TargetFolder, IReadOnlyList<string> TargetNames)
{
    public const string Usage =
        "usage: --metadata-dir DIR init ROOT | --metadata-dir DIR --metadata-url URL refresh | --metadata-dir DIR --metadata-url URL "
        + "--target-name PATH... --target-base-url URL --target-dir DIR download";

    public static bool TryParse(string[] args, [NotNullWhen(true)] out ClientArguments? arguments)
    {
        Dictionary<string, string> options = [];
        List<string> names = [];
        List<string> words = [];
        for (int i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
            {
                words.Add(args[i]);
            }
            else if (args[i] == "--target-name")
            {
                names.Add(args[++i]);
            }
            else
            {
                options[args[i]] = args[++i];
            }
        }

        arguments = words is ["init", _] or ["refresh"] or ["download"] && options.TryGetValue("--metadata-dir", out string? folder)
            ? new(words[0], folder, words.ElementAtOrDefault(1), Address(options, "--metadata-url"), Address(options, "--target-base-url"),
                options.GetValueOrDefault("--target-dir"), names)
            : null;
        return arguments is { } all && (all.Command == "init" || all.Metadata is not null)
            && (all.Command != "download" || (all.Targets is not null && all.TargetFolder is not null && names.Count > 0));
    }

    private static Uri? Address(Dictionary<string, string> options, string name) =>
        options.TryGetValue(name, out string? text) && Uri.TryCreate(text, UriKind.Absolute, out Uri? address) ? address : null;
}
