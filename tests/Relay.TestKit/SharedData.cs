namespace Relay.TestKit;

/// <summary>Real data sets, which are never committed: the folder shared/data beside the repository.</summary>
public static class SharedData
{
    /// <summary>The folder, or null where it is missing; the variable RELAY_SHARED_DATA names another one.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>The path of a file in the folder, or null where it is missing.</summary>
    public static string? File(string relativePath)
    {
        string? path = Folder is null ? null : Path.Combine(Folder, relativePath);
        return System.IO.File.Exists(path) ? path : null;
    }

    /// <summary>A folder in the folder shared beside the repository, or null where it is missing.</summary>
    internal static string? FindFolder(string name)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared", name);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static string? Find() => Environment.GetEnvironmentVariable("RELAY_SHARED_DATA") is { Length: > 0 } named
        ? Directory.Exists(named) ? named : null
        : FindFolder("data");
}
