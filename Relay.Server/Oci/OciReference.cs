using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Relay.Server.Oci;

/// <summary>The name of an artifact in a registry: REGISTRY/REPOSITORY:TAG or REGISTRY/REPOSITORY@sha256:DIGEST.</summary>
/// <param name="Registry">Host, with a port where it has one.</param>
/// <param name="Version">A tag or a digest.</param>
internal sealed partial record OciReference(string Registry, string Repository, string Version)
{
    public const string Form = "REGISTRY/REPOSITORY:TAG or REGISTRY/REPOSITORY@sha256:DIGEST";

    public bool IsDigest => Version.Contains(':', StringComparison.Ordinal);

    public static bool TryParse(string text, [NotNullWhen(true)] out OciReference? reference)
    {
        Match match = Name().Match(text);
        reference = match.Success
            ? new(match.Groups["registry"].Value, match.Groups["repository"].Value, match.Groups["version"].Value)
            : null;
        return match.Success;
    }

    public override string ToString() => $"{Registry}/{Repository}{(IsDigest ? '@' : ':')}{Version}";

    // The forms of the OCI distribution specification. A registry has a dot or a port, or is localhost, as clients tell it from a repository.
    [GeneratedRegex(
        @"^(?<registry>(localhost|[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+|[A-Za-z0-9.-]+(?=:)|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?)"
        + @"/(?<repository>[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*)"
        + @"(:(?<version>[A-Za-z0-9_][A-Za-z0-9._-]{0,127})|@(?<version>sha256:[0-9a-f]{64}))\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
