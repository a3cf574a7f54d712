namespace ProtectedSite.Scoring;

/// <summary>The paths that show the node's state, which are not part of the protected site.</summary>
internal static class OwnPages
{
    public static bool Contains(PathString path) =>
        path.StartsWithSegments("/relay") || path == "/load" || path == "/favicon.ico";
}
