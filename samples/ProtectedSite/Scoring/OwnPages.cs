namespace ProtectedSite.Scoring;

/// <summary>What shows the node's state is not part of the site that it protects.</summary>
internal static class OwnPages
{
    public static bool Contains(PathString path) =>
        path.StartsWithSegments("/relay") || path == "/load" || path == "/favicon.ico";
}
