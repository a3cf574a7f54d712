namespace Relay.TestKit;

/// <summary>The folder of the checkout, for tests that read sources and documents.</summary>
public static class RepositoryRoot
{
    public static string FullPath { get; } = Find();

    public static string Combine(params ReadOnlySpan<string> parts) => Path.Combine([FullPath, .. parts]);

    private static string Find()
    {
        DirectoryInfo at = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Relay.sln")))
        {
            at = at.Parent ?? throw new InvalidOperationException("The tests run outside of a checkout of the repository.");
        }

        return at.FullName;
    }
}
