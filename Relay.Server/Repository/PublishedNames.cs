namespace Relay.Server.Repository;

/// <summary>The names that files of the repository can have, as nodes ask for them and as copies have them.</summary>
internal static class PublishedNames
{
    private const int MaximumSegmentLength = 255;

    /// <summary>Plain names only, so that no path leaves the folder. They are longer than a target's own name, since a digest stands before
    /// it.</summary>
    public static bool IsPlain(string segment) =>
        segment.Length is > 0 and <= MaximumSegmentLength && segment[0] != '.'
        && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>True for the path of a file that a relay publishes under it once: numbered metadata, and targets that begin with a digest.</summary>
    /// <param name="path">Below the repository's folder, with slashes.</param>
    public static bool IsImmutable(string path)
    {
        string[] segments = path.Split('/');
        return segments.All(IsPlain) && segments switch
        {
            [RepositoryFiles.MetadataFolder, var file] => IsNumbered(file),
            [RepositoryFiles.TargetsFolder, _, ..] => segments[^1].Split('.', 2) is [{ Length: 64 or 128 } digest, { Length: > 0 }]
                && digest.All(char.IsAsciiHexDigitLower),
            _ => false,
        };
    }

    private static bool IsNumbered(string file) =>
        file.Split('.') is [{ Length: > 0 and < 19 } number, { Length: > 0 }, "json"] && number[0] != '0' && number.All(char.IsAsciiDigit);
}
